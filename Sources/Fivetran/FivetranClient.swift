package import DriftCore
import FoundationEssentials
import JSON
package import Transport

/// Fivetran's REST API, version 1.
///
/// Source: Fivetran's OpenAPI definition and documentation, "REST API", read in 2026.
package struct FivetranClient: ConnectionSource, TypeSource {
  static let pageLimit = 1_000
  static let itemsPerPage = 1_000
  /// For what Fivetran answers only after it has asked the source.
  static let sourceTimeout = Duration.seconds(180)

  private let api: String
  private let authorization: Secret
  private let transport: any HTTPTransport
  private let count = RequestCount()

  /// `api` is scheme and host, such as `https://api.fivetran.com`. Repeating and waiting is the transport's business.
  package init(api: String, key: Secret, secret: Secret, transport: any HTTPTransport) {
    self.api = api.hasSuffix("/") ? String(api.dropLast()) : api
    let pair = Data("\(key.reveal()):\(secret.reveal())".utf8)
    authorization = Secret("Basic \(pair.base64EncodedString())")
    self.transport = transport
  }

  /// Requests sent so far.
  package var requestCount: Int { count.value }

  // MARK: ConnectionSource

  package func connections() async throws -> [ConnectionStatus] {
    var seen: Set<ConnectionID> = []
    var statuses: [ConnectionStatus] = []
    try await pages(Call(segments: ["connections"], version: .two)) { item throws(UnreadableBody) in
      let status = try ConnectionStatus(item)
      if seen.insert(status.id).inserted { statuses.append(status) }
      return true
    }
    return statuses
  }

  package func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    try await schemaConfig(of: connection).settings
  }

  package func columns(
    of table: SourceTable, in connection: ConnectionID
  ) async throws -> [ColumnSetting] {
    let call = Call(
      segments: [
        "connections", connection.text, "schemas", table.schema, "tables", table.name, "columns",
      ], timeout: Self.sourceTimeout)
    let body = try await answer(to: call).body
    return try reading(call) { () throws(UnreadableBody) in
      try ConfigReader.columns(body, of: connection)
    }
  }

  package func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {
    try await act(call(forSyncOf: connection, resync: tables))
  }

  func call(forSyncOf connection: ConnectionID, resync tables: [SourceTable]) -> Call {
    if tables.isEmpty {
      let body: JSONValue = ["force": false]
      return Call(
        method: "POST", segments: ["connections", connection.text, "sync"], version: .two,
        body: body.text)
    }
    // Grouped by bytes: a dictionary of `String` would join schemas that Unicode calls equivalent.
    var members: [JSONMember] = []
    for table in tables.sorted(by: isBefore) {
      if members.last.map({ JSONValue.string($0.name) }) != .string(table.schema) {
        members.append(JSONMember(table.schema, []))
      }
      let names = members[members.count - 1].value.array ?? []
      if names.last != .string(table.name) {
        members[members.count - 1].value = .array(names + [.string(table.name)])
      }
    }
    return Call(
      method: "POST", segments: ["connections", connection.text, "schemas", "tables", "resync"],
      body: JSONValue.object(members).text)
  }

  // MARK: Requests

  func schemaConfig(of connection: ConnectionID) async throws -> SchemaConfig {
    let call = Call(segments: ["connections", connection.text, "schemas"])
    let body = try await answer(to: call).body
    return try reading(call) { () throws(UnreadableBody) in
      try ConfigReader.config(body, of: connection)
    }
  }

  /// Sends a call whose answer says no more than that it worked.
  func act(_ call: Call) async throws {
    let response = try await answer(to: call)
    if response.status == 204 { return }
    try reading(call) { () throws(UnreadableBody) in _ = try envelope(response.body) }
  }

  /// Gives every item of a paged list to `each`, until that says false. Returns whether the list was read to its end.
  @discardableResult func pages(
    _ call: Call, each: (Field) throws(UnreadableBody) -> Bool
  ) async throws -> Bool {
    var cursors: Set<String> = []
    var page = call
    page.query = [("limit", String(Self.itemsPerPage))]
    for _ in 0..<Self.pageLimit {
      let body = try await answer(to: page).body
      let next = try reading(call) { () throws(UnreadableBody) -> String? in
        let data = try envelope(body).required("data").object()
        for item in try data.required("items").elements() {
          if try !each(try item.object()) { return nil }
        }
        let cursor = try data["next_cursor"]?.string() ?? ""
        guard cursors.insert(cursor).inserted else {
          throw UnreadableBody("data.next_cursor leads back to a page already read")
        }
        return cursor
      }
      guard let next else { return false }
      if next.isEmpty { return true }
      page.query = [("cursor", next), ("limit", String(Self.itemsPerPage))]
    }
    throw failure(.unreadableBody(reason: "the list has more than \(Self.pageLimit) pages"), call)
  }

  /// The answer, if its status is a success; otherwise throws what the status means.
  func answer(to call: Call) async throws -> HTTPResponse {
    if let segment = call.unsendableSegment {
      throw failure(.invalid(message: "the name \"\(segment)\" cannot be part of a URL"), call)
    }
    var headers = [
      HTTPHeader("Authorization", secret: authorization),
      HTTPHeader("Accept", call.version.rawValue),
    ]
    if call.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
    count.increase()
    // A PATCH states what shall be, so twice is once; a POST starts something.
    let response = try await transport.send(
      HTTPRequest(
        method: call.method, url: api + call.target, headers: headers,
        body: call.body.map { Array($0.utf8) }, timeout: call.timeout,
        isRepeatable: call.method != "POST"))
    guard !(200..<300).contains(response.status) else { return response }
    throw failure(code(of: response), call)
  }

  func failure(_ code: FivetranError.Code, _ call: Call) -> FivetranError {
    FivetranError(code, request: call.place)
  }

  /// Runs what reads an answer, and names the request where it cannot be read.
  func reading<Value>(
    _ call: Call, _ body: () throws(UnreadableBody) -> Value
  ) throws(FivetranError) -> Value {
    do {
      return try body()
    } catch {
      throw failure(.unreadableBody(reason: error.reason), call)
    }
  }
}

/// The whole answer, once its code says success.
func envelope(_ body: [UInt8]) throws(UnreadableBody) -> Field {
  if body.isEmpty { throw UnreadableBody("it is empty") }
  let answer: Field
  do {
    answer = Field(value: try JSONValue.parse(body), path: "")
  } catch {
    throw UnreadableBody("\(error)")
  }
  guard answer.value.members != nil else { throw UnreadableBody("it is not an object") }
  try checkSuccess(try answer.required("code").string())
  return answer
}

func checkSuccess(_ code: String) throws(UnreadableBody) {
  if code != "Success" { throw UnreadableBody("its code is \"\(plain(code))\", not \"Success\"") }
}

private func code(of response: HTTPResponse) -> FivetranError.Code {
  let answer = try? JSONValue.parse(response.body)
  let code = answer?["code"]?.string ?? ""
  let message = answer?["message"]?.string ?? ""
  switch response.status {
  case 401: return .unauthorized
  case 403: return .forbidden
  case 404: return code == "NotFound_SchemaConfig" ? .noSchemaConfig : .notFound
  case 405, 410: return .unsupported
  case 409: return .conflict(message: message)
  case 429:
    let seconds = response.header("Retry-After").flatMap { Int($0) }
    return .rateLimited(retryAfterSeconds: seconds.flatMap { $0 < 0 ? nil : $0 })
  case 400..<500: return .invalid(message: message.isEmpty ? "status \(response.status)" : message)
  default: return .unavailable(status: response.status)
  }
}

private func isBefore(_ left: SourceTable, _ right: SourceTable) -> Bool {
  TableName(schema: left.schema, name: left.name)
    < TableName(schema: right.schema, name: right.name)
}

extension ConnectionStatus {
  fileprivate init(_ item: Field) throws(UnreadableBody) {
    let status = try item.required("status").object()
    self.init(
      id: ConnectionID(try item.required("id").string()),
      schema: try item.required("schema").string(),
      service: try item.required("service").string(),
      groupID: try item.required("group_id").string(),
      isPaused: try item.required("paused").bool(),
      setupState: try status.required("setup_state").string(),
      syncState: try status.required("sync_state").string(),
      isHistoricalSync: try status["is_historical_sync"]?.bool() ?? false,
      schemaStatus: try status["schema_status"]?.string(),
      succeededAt: try item["succeeded_at"]?.timestamp(),
      failedAt: try item["failed_at"]?.timestamp())
  }
}
