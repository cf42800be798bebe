import DriftCore
import JSON
import Transport

/// Queries and jobs through BigQuery's REST interface, version 2.
///
/// Source: BigQuery REST reference, "jobs.insert", "jobs.query", "jobs.getQueryResults", "tables.get", read 2026-11.
struct BigQueryAPI: Sendable {
  /// Of one request, by the server.
  static let queryWait = 20_000
  static let maximumPages = 10_000
  /// Of a merged statement, by the server.
  static let jobTimeout = 3_600_000

  let client: ServiceClient
  /// With the project, without a slash at the end.
  let address: String
  let project: String
  let location: String

  /// Every row, page by page, of one of the driver's own statements. A repeat of the request is recognised as one.
  func pages(
    _ text: String, _ values: [String?], requestID: String, each: ([[String?]]) async throws -> Void
  ) async throws {
    let parameters = values.map { value -> JSONValue in
      ["parameterType": ["type": "STRING"], "parameterValue": ["value": value.map { .string($0) } ?? .null]]
    }
    let body: JSONValue = [
      "query": .string(text), "useLegacySql": false, "location": .string(location), "requestId": .string(requestID),
      "timeoutMs": JSONValue(Self.queryWait), "parameterMode": "POSITIONAL", "queryParameters": .array(parameters),
      "labels": ["app": "mooring"],
    ]
    try await pages(of: client.send("POST", "\(address)/queries", body), each: each)
  }

  /// The rows of a job that is done.
  func pages(ofJob id: String, each: ([[String?]]) async throws -> Void) async throws {
    let url = "\(address)/queries/\(id)?\(place)&timeoutMs=\(Self.queryWait)"
    try await pages(of: client.send("GET", url), each: each)
  }

  /// A document; nil where nothing is there.
  func document(_ path: String) async throws -> JSONValue? {
    let response = try await client.send("GET", "\(address)/\(path)")
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw bigQueryError(response) }
    return try serviceDocument(response)
  }

  /// The job; nil where there is none of this id.
  func job(_ id: String) async throws -> BigQueryJob? {
    try await document("jobs/\(id)?\(place)").map(BigQueryJob.init)
  }

  /// What the server would do with the statement.
  func dryRun(_ text: String) async throws -> BigQueryJob {
    let body: JSONValue = [
      "jobReference": ["projectId": .string(project), "location": .string(location)],
      "configuration": ["dryRun": true, "query": ["query": .string(text), "useLegacySql": false]],
    ]
    let response = try await client.send("POST", "\(address)/jobs", body)
    guard response.status == 200 else { throw bigQueryError(response) }
    return try BigQueryJob(serviceDocument(response))
  }

  /// Begins a job under its id; nil where there is one of this id.
  func begin(_ text: String, _ values: [String?], id: String) async throws -> BigQueryJob? {
    var query: [JSONMember] = [JSONMember("query", .string(text)), JSONMember("useLegacySql", false)]
    if !values.isEmpty {
      let parameters = values.map { value -> JSONValue in
        ["parameterType": ["type": "STRING"], "parameterValue": ["value": value.map { .string($0) } ?? .null]]
      }
      query += [JSONMember("parameterMode", "POSITIONAL"), JSONMember("queryParameters", .array(parameters))]
    }
    let body: JSONValue = [
      "jobReference": ["projectId": .string(project), "jobId": .string(id), "location": .string(location)],
      "configuration": [
        "labels": ["app": "mooring"], "jobTimeoutMs": .string("\(Self.jobTimeout)"), "query": .object(query),
      ],
    ]
    let response = try await client.send("POST", "\(address)/jobs", body, isRepeatable: false)
    switch response.status {
    case 200: return try BigQueryJob(serviceDocument(response))
    case 409: return nil
    case 500...: throw ServiceError(.outcomeUnknown, "BigQuery answered \(response.status)")
    default: throw bigQueryError(response)
    }
  }

  /// Waits for the end of a job.
  func end(of job: BigQueryJob, id: String) async throws -> BigQueryJob {
    let end = try await StatementWait(clock: client.clock).end(
      of: job, isRunning: { !$0.isDone },
      look: { _ in
        do {
          guard let next = try await self.job(id) else {
            throw ServiceError(.outcomeUnknown, "BigQuery no longer knows the job \(id)")
          }
          return next
        } catch let error as ServiceError where error.kind == .unavailable || error.kind == .unreadable {
          throw ServiceError(.outcomeUnknown, error.message, code: error.code)
        }
      },
      cancel: { _ = try await client.send("POST", "\(address)/jobs/\(id)/cancel?\(place)") })
    return end.value
  }

  private var place: String { "location=\(percentEncoded(location))" }

  private func pages(of first: HTTPResponse, each: ([[String?]]) async throws -> Void) async throws {
    var response = first
    var read = 0
    for _ in 0..<Self.maximumPages {
      guard response.status == 200 else { throw bigQueryError(response) }
      let document = try serviceDocument(response)
      guard let id = document["jobReference"]?["jobId"]?.string, isPlain(id, marks: "-_") else {
        throw ServiceError(.unreadable, "the answer does not say which job it is of")
      }
      var next = "\(address)/queries/\(id)?\(place)&timeoutMs=\(Self.queryWait)"
      if document["jobComplete"]?.bool == true {
        let width = document["schema"]?["fields"]?.array?.count ?? 0
        let rows = document["rows"]?.array ?? []
        let cells = rows.map { row in JSONValue.array((row["f"]?.array ?? []).map { $0["v"] ?? .object([]) }) }
        read += rows.count
        try await each(textRows(cells, width: width))
        guard let page = document["pageToken"]?.string, !page.isEmpty else {
          let total = document["totalRows"]?.string.flatMap { Int($0) } ?? read
          // A statement that changes rows says how many, and has none.
          guard width == 0 || read == total else {
            throw ServiceError(.incomplete, "\(read) of \(total) rows came")
          }
          return
        }
        next += "&pageToken=\(percentEncoded(page))"
      }
      response = try await client.send("GET", next)
    }
    throw ServiceError(.incomplete, "the result has more than \(Self.maximumPages) pages")
  }
}

/// A job as far as it is told.
struct BigQueryJob: Sendable {
  var isDone: Bool
  var error: ServiceError?
  /// `ALTER_TABLE`, `SCRIPT`.
  var statementType: String?

  init(_ document: JSONValue) throws(ServiceError) {
    guard let state = document["status"]?["state"]?.string else {
      throw ServiceError(.unreadable, "the answer does not say how the job stands")
    }
    isDone = state == "DONE"
    error = document["status"]?["errorResult"].map { bigQueryError($0, status: 200) }
    statementType = document["statistics"]?["query"]?["statementType"]?.string
  }
}
