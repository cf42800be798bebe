import DriftCore
import JSON
import Transport

/// Statements through the Redshift Data API.
///
/// Source: Amazon Redshift Data API reference, version 2019-12-20, and "Considerations when calling the Amazon Redshift Data
/// API", read 2026-11.
struct RedshiftAPI: RedshiftChannel {
  static let firstPause = Duration.milliseconds(50)
  static let maximumPages = 10_000

  let maximumText = 100_000
  let remembersStatements = true

  let client: ServiceClient
  let address: String
  /// What runs the statements, in which database.
  let target: [JSONMember]
  /// For the tokens by which a repeated request is known.
  var token: @Sendable () -> String = { Self.randomToken() }

  func pages(of text: String, each: ([[String?]]) async throws -> Void) async throws {
    let end = try await end(of: [text], name: "mooring", within: RedshiftService.ownTimeout)
    if let error = end.error { throw error }
    if end.hasResult { try await pages(ofResult: end.id, each: each) }
  }

  func run(_ statements: [String], name: String, within limit: Duration) async throws -> RedshiftRun {
    let end = try await end(of: statements, name: name, within: limit)
    let parts = statements.count == 1 ? [end] : statements.indices.map { end.part($0 + 1) }
    if let error = end.error {
      return RedshiftRun(error: error, failed: parts.firstIndex { $0?.status == "FAILED" })
    }
    var run = RedshiftRun()
    for part in parts {
      var rows: [[String?]] = []
      if let part, part.hasResult { try await pages(ofResult: part.id) { rows += $0 } }
      run.rows.append(rows)
    }
    return run
  }

  private func end(of statements: [String], name: String, within limit: Duration) async throws -> RedshiftStatement {
    let (action, text) =
      statements.count == 1
      ? ("ExecuteStatement", JSONMember("Sql", .string(statements[0])))
      : ("BatchExecuteStatement", JSONMember("Sqls", .array(statements.map { .string($0) })))
    // The token makes a request that is sent again the same one, so that a lost answer is asked for again.
    let identity = [JSONMember("ClientToken", .string(token())), JSONMember("StatementName", .string(name))]
    let document = try await call(action, [text] + identity + target)
    return try await end(of: Self.id(in: document), within: limit)
  }

  /// One of the actions, which may all be repeated.
  private func call(_ action: String, _ members: [JSONMember]) async throws -> JSONValue {
    let response = try await client.send(
      "POST", address + "/", .object(members), headers: [HTTPHeader("X-Amz-Target", "RedshiftData.\(action)")])
    guard response.status == 200 else { throw redshiftError(response) }
    return try serviceDocument(response)
  }

  private func end(of id: String, within limit: Duration) async throws -> RedshiftStatement {
    let wait = StatementWait(clock: client.clock, firstPause: Self.firstPause, limit: limit)
    let (end, isCancelled) = try await wait.end(
      of: RedshiftStatement?.none, isRunning: { $0?.isRunning ?? true },
      look: { _ in try RedshiftStatement(await call("DescribeStatement", [JSONMember("Id", .string(id))]), id: id) },
      cancel: { _ = try await call("CancelStatement", [JSONMember("Id", .string(id))]) })
    guard let end else { throw ServiceError(.outcomeUnknown, "nobody looked at the statement") }
    if isCancelled, end.status == "ABORTED" {
      throw ServiceError(.timedOut, "the statement was cancelled after \(limit)")
    }
    return end
  }

  /// The rows of a statement that has a result, page by page.
  private func pages(ofResult id: String, each: ([[String?]]) async throws -> Void) async throws {
    var members = [JSONMember("Id", .string(id))]
    var read = 0
    var tokens: Set<String> = []
    for _ in 0..<Self.maximumPages {
      let document = try await call("GetStatementResult", members)
      guard let columns = document["ColumnMetadata"]?.array, let records = document["Records"]?.array else {
        throw ServiceError(.unreadable, "the answer does not say what its rows are")
      }
      let rows = try records.map { record throws(ServiceError) in try redshiftRow(record, width: columns.count) }
      read += rows.count
      try await each(rows)
      guard let next = document["NextToken"]?.string, !next.isEmpty else {
        let total = document["TotalNumRows"]?.int ?? read
        guard read == total else { throw ServiceError(.incomplete, "\(read) of \(total) rows came") }
        return
      }
      guard tokens.insert(next).inserted else {
        throw ServiceError(.incomplete, "the result's pages come round again")
      }
      members = [JSONMember("Id", .string(id)), JSONMember("NextToken", .string(next))]
    }
    throw ServiceError(.incomplete, "the result has more than \(Self.maximumPages) pages")
  }

  /// How the statements of a name stand that this identity ran in the last day.
  func statuses(of name: String) async throws -> [String] {
    var found: [String] = []
    var page: [JSONMember] = []
    for _ in 0..<Self.maximumPages {
      let document = try await call(
        "ListStatements", [JSONMember("StatementName", .string(name)), JSONMember("Status", "ALL")] + page)
      // Others begin with the name.
      for statement in document["Statements"]?.array ?? [] where statement["StatementName"]?.string == name {
        if let status = statement["Status"]?.string { found.append(status) }
      }
      guard let next = document["NextToken"]?.string, !next.isEmpty else { return found }
      page = [JSONMember("NextToken", .string(next))]
    }
    throw ServiceError(.incomplete, "the list of statements has more than \(Self.maximumPages) pages")
  }

  private static func id(in document: JSONValue) throws(ServiceError) -> String {
    guard let id = document["Id"]?.string, !id.isEmpty else {
      throw ServiceError(.unreadable, "the answer has no statement id")
    }
    return id
  }

  private static func randomToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return "mooring-\(generator.next())-\(generator.next())"
  }
}
