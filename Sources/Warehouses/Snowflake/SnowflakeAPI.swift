import DriftCore
import JSON
import Transport

/// Statements through Snowflake's SQL API, version 2.
///
/// Source: Snowflake documentation, "Snowflake SQL API reference", read 2026-11.
struct SnowflakeAPI: Sendable {
  static let firstPause = Duration.milliseconds(25)
  static let maximumPause = Duration.milliseconds(500)
  /// Of one statement, by the server.
  static let statementTimeout = 3_600
  /// Of the driver's own.
  static let ownTimeout = 300
  static let maximumPartitions = 10_000

  let client: ServiceClient
  let address: String
  /// Of every statement: warehouse, database, role.
  let context: [JSONMember]

  /// Every row, partition by partition, of one of the driver's own statements.
  func result(
    _ text: String, _ values: [String?] = [], tag: String = "mooring", isRepeatable: Bool = true,
    each: ([[String?]]) async throws -> Void
  ) async throws -> SnowflakeResult {
    let body = body(text, values, tag: tag, timeout: Self.ownTimeout)
    let url = "\(address)/api/v2/statements?nullable=true"
    let response = try await client.send("POST", url, body, isRepeatable: isRepeatable)
    if !isRepeatable, response.status >= 500 || response.status == 408 {
      throw ServiceError(.outcomeUnknown, "Snowflake answered \(response.status)")
    }
    return try await result(of: response, each: each)
  }

  /// Submits a merged statement and waits for its end. The answer to the first request is the only one that can be lost
  /// without being asked for again.
  func run(
    _ text: String, _ values: [String?], requestID: String, tag: String, each: ([[String?]]) async throws -> Void
  ) async throws -> SnowflakeResult {
    let url = "\(address)/api/v2/statements?async=true&nullable=true&requestId=\(requestID)"
    let body = body(text, values, tag: tag, timeout: Self.statementTimeout)
    let response = try await client.send("POST", url, body, isRepeatable: false)
    switch response.status {
    case 500..., 408: throw ServiceError(.outcomeUnknown, "Snowflake answered \(response.status)")
    default: break
    }
    do {
      return try await result(of: response, each: each)
    } catch let error as ServiceError where [.unavailable, .unreadable, .incomplete].contains(error.kind) {
      // The statement was taken, and only its end was not learnt.
      throw ServiceError(.outcomeUnknown, error.message, code: error.code)
    }
  }

  private func body(_ text: String, _ values: [String?], tag: String, timeout: Int) -> JSONValue {
    let bindings = values.enumerated().map { index, value in
      JSONMember(
        "\(index + 1)", ["type": "TEXT", "value": value.map { .string($0) } ?? .null])
    }
    let parameters: JSONValue = ["query_tag": .string(tag), "multi_statement_count": "1", "timezone": "UTC"]
    return .object(
      [
        JSONMember("statement", .string(text)), JSONMember("timeout", JSONValue(timeout)),
        JSONMember("parameters", parameters),
      ] + context + (bindings.isEmpty ? [] : [JSONMember("bindings", .object(bindings))]))
  }

  /// Waits for the end of a statement that is not at its end, and reads the other partitions.
  private func result(
    of response: HTTPResponse, each: ([[String?]]) async throws -> Void
  ) async throws -> SnowflakeResult {
    let first = response
    let wait = StatementWait(clock: client.clock, firstPause: Self.firstPause, maximumPause: Self.maximumPause)
    let response = try await wait.end(
      of: first, isRunning: { $0.status == 202 },
      look: { try await client.send("GET", "\(address)/api/v2/statements/\(handle(in: serviceDocument($0)))") },
      cancel: { try await cancel(first) }
    ).value
    guard response.status == 200 else { throw snowflakeError(response) }
    let document = try serviceDocument(response)
    var result = try SnowflakeResult(document)
    guard (1...Self.maximumPartitions).contains(result.partitions.count) else {
      throw ServiceError(.unreadable, "the result has \(result.partitions.count) partitions")
    }
    try await each(result.rows(of: document, partition: 0))
    for number in result.partitions.indices.dropFirst() {
      let handle = try handle(in: document)
      let next = try await client.send("GET", "\(address)/api/v2/statements/\(handle)?partition=\(number)")
      guard next.status == 200 else { throw snowflakeError(next) }
      try await each(result.rows(of: serviceDocument(next), partition: number))
    }
    guard result.read == result.count else {
      throw ServiceError(.incomplete, "\(result.read) of \(result.count) rows came")
    }
    return result
  }

  private func cancel(_ response: HTTPResponse) async throws {
    let handle = try handle(in: serviceDocument(response))
    _ = try await client.send("POST", "\(address)/api/v2/statements/\(handle)/cancel")
  }

  /// Becomes a part of a path.
  private func handle(in document: JSONValue) throws(ServiceError) -> String {
    guard let handle = document["statementHandle"]?.string, isPlain(handle) else {
      throw ServiceError(.unreadable, "the answer has no statement handle")
    }
    return handle
  }
}

/// How far a result has been read.
struct SnowflakeResult {
  /// In lower case.
  var columns: [String]
  var count: Int
  /// Rows of each.
  var partitions: [Int]
  /// Rows that have come.
  private(set) var read = 0

  init(_ document: JSONValue) throws(ServiceError) {
    guard let data = document["resultSetMetaData"], let types = data["rowType"]?.array,
      case let columns = types.compactMap({ $0["name"]?.string?.lowercased() }), columns.count == types.count,
      let partitions = data["partitionInfo"]?.array,
      case let counts = partitions.compactMap({ $0["rowCount"]?.int }), counts.count == partitions.count
    else { throw ServiceError(.unreadable, "the answer does not say what its rows are") }
    self.columns = columns
    self.partitions = counts
    count = data["numRows"]?.int ?? counts.reduce(0, +)
  }

  mutating func rows(of document: JSONValue, partition: Int) throws(ServiceError) -> [[String?]] {
    let data = document["data"]?.array ?? []
    guard partitions.indices.contains(partition), data.count == partitions[partition] else {
      throw ServiceError(.incomplete, "partition \(partition) has \(data.count) rows, not those announced")
    }
    read += data.count
    return try textRows(data, width: columns.count)
  }

  /// Snowflake only says what the statement did.
  var isReport: Bool { columns == ["status"] || columns.first?.hasPrefix("number of ") == true }
}
