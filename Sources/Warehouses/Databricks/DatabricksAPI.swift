import DriftCore
import JSON
import Transport

/// Statements through Databricks' Statement Execution API, version 2.0.
///
/// Source: Databricks REST reference, "Statement Execution" and "Query History", read 2026-11.
struct DatabricksAPI: Sendable {
  /// Before a statement that others got in the way of is sent again.
  static let firstPause = Duration.milliseconds(100)
  /// Of the driver's own statements, by the server in one request: between 5 and 50.
  static let ownWait = "30s"
  static let ownTimeout = Duration.seconds(300)
  /// Of a merged statement. The server has no such limit for one statement: it is cancelled then.
  static let statementTimeout = Duration.seconds(3_600)
  static let maximumChunks = 10_000
  /// Of one statement of the driver's own that others of the same table got in the way of.
  static let maximumTries = 6
  /// The key of the tag that merged statements and claims carry.
  static let tag = "mooring"

  let client: ServiceClient
  let address: String
  let warehouse: String
  let catalog: String

  /// Every row, chunk by chunk, of one of the driver's own statements.
  func result(
    _ text: String, _ values: [String?] = [], tag: String? = nil, isRepeatable: Bool = true,
    each: ([[String?]]) async throws -> Void
  ) async throws -> DatabricksResult {
    var pause = Self.firstPause
    var tries = 1
    while true {
      do {
        let body = body(text, values, wait: Self.ownWait, tag: tag)
        return try await result(of: body, within: Self.ownTimeout, isRepeatable: isRepeatable, each: each)
      } catch let error as ServiceError
        where error.kind == .conflict && isRepeatable && tries < Self.maximumTries
      {
        // Delta refuses one of two writers that read what the other wrote; nothing was done.
        try await client.clock.sleep(for: pause)
        tries += 1
        pause *= 2
      }
    }
  }

  /// Submits a merged statement under an attempt's name and waits for its end. The answer to the first request is the only one
  /// that can be lost without being asked for again.
  func run(
    _ text: String, _ values: [String?], attempt: String, each: ([[String?]]) async throws -> Void
  ) async throws -> DatabricksResult {
    let body = body(text, values, wait: "0s", tag: attempt)
    do {
      return try await result(of: body, within: Self.statementTimeout, isRepeatable: false, each: each)
    } catch let error as ServiceError where [.unreadable, .incomplete].contains(error.kind) {
      // The statement was taken, and only its end was not learnt.
      throw ServiceError(.outcomeUnknown, error.message, code: error.code)
    }
  }

  private func body(_ text: String, _ values: [String?], wait: String, tag: String?) -> JSONValue {
    let parameters = values.enumerated().map { index, value -> JSONValue in
      ["name": .string("p\(index + 1)"), "value": value.map { .string($0) } ?? .null, "type": "STRING"]
    }
    var members = [
      JSONMember("statement", .string(text)), JSONMember("warehouse_id", .string(warehouse)),
      JSONMember("catalog", .string(catalog)), JSONMember("wait_timeout", .string(wait)),
      JSONMember("on_wait_timeout", "CONTINUE"), JSONMember("disposition", "INLINE"),
      JSONMember("format", "JSON_ARRAY"),
    ]
    if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
    if let tag {
      let tags: JSONValue = [["key": .string(Self.tag), "value": .string(tag)]]
      members.append(JSONMember("query_tags", tags))
    }
    return .object(members)
  }

  private func result(
    of body: JSONValue, within limit: Duration, isRepeatable: Bool, each: ([[String?]]) async throws -> Void
  ) async throws -> DatabricksResult {
    let response = try await client.send("POST", "\(address)/api/2.0/sql/statements", body, isRepeatable: isRepeatable)
    if !isRepeatable, response.status >= 500 || response.status == 408 {
      throw ServiceError(.outcomeUnknown, "Databricks answered \(response.status)")
    }
    guard response.status == 200 else { throw databricksError(response) }
    let document: JSONValue
    do {
      document = try await end(of: serviceDocument(response), within: limit)
    } catch let error as ServiceError where !isRepeatable && error.kind != .timedOut {
      throw ServiceError(.outcomeUnknown, error.message, code: error.code)
    }
    switch document["status"]?["state"]?.string {
    case "SUCCEEDED": return try await rows(of: document, each: each)
    case "FAILED": throw databricksError(document["status"] ?? .null)
    case "CANCELED": throw ServiceError(.cancelled, "the statement was cancelled", code: "CANCELED")
    case "CLOSED": throw ServiceError(.incomplete, "the statement has run, and its result is no longer kept")
    default: throw ServiceError(.unreadable, "the statement is in a state that is not documented")
    }
  }

  /// Waits for the end of a statement that is not at its end.
  private func end(of document: JSONValue, within limit: Duration) async throws -> JSONValue {
    let url = "\(address)/api/2.0/sql/statements/\(try id(in: document))"
    let (end, isCancelled) = try await StatementWait(clock: client.clock, limit: limit).end(
      of: document, isRunning: { ["PENDING", "RUNNING"].contains($0["status"]?["state"]?.string) },
      look: { _ in
        let next = try await client.send("GET", url)
        guard next.status == 200 else { throw databricksError(next) }
        return try serviceDocument(next)
      },
      cancel: { _ = try await client.send("POST", "\(url)/cancel") })
    if isCancelled, end["status"]?["state"]?.string == "CANCELED" {
      throw ServiceError(.timedOut, "the statement was cancelled after \(limit)")
    }
    return end
  }

  private func rows(
    of document: JSONValue, each: ([[String?]]) async throws -> Void
  ) async throws -> DatabricksResult {
    var result = try DatabricksResult(document["manifest"] ?? .null)
    var chunk = document["result"] ?? .object([])
    var index = 0
    while true {
      let (rows, next) = try result.rows(of: chunk, index: index)
      try await each(rows)
      guard let next else { break }
      index += 1
      guard next == index, index < Self.maximumChunks else {
        throw ServiceError(.unreadable, "chunk \(next) follows chunk \(index - 1) of the result")
      }
      let id = try id(in: document)
      let response = try await client.send("GET", "\(address)/api/2.0/sql/statements/\(id)/result/chunks/\(next)")
      guard response.status == 200 else {
        let error = databricksError(response)
        throw ServiceError(.incomplete, "chunk \(next) of the result: \(error.message)", code: error.code)
      }
      chunk = try serviceDocument(response)
    }
    guard result.read == result.count else {
      throw ServiceError(.incomplete, "\(result.read) of \(result.count) rows came")
    }
    return result
  }

  /// Becomes a part of a path.
  private func id(in document: JSONValue) throws(ServiceError) -> String {
    guard let id = document["statement_id"]?.string, isPlain(id) else {
      throw ServiceError(.unreadable, "the answer has no statement id")
    }
    return id
  }
}
