package import DriftCore
import JSON
package import Transport

extension ServiceWarehouse {
  /// - Parameters:
  ///   - clock: what pauses are waited on.
  ///   - now: what requests are stamped with; the service takes what is within five minutes of its own.
  package static func redshift(
    _ settings: RedshiftSettings, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp
  ) throws -> ServiceWarehouse {
    ServiceWarehouse(try RedshiftService(settings, transport: transport, clock: clock, now: now), clock: clock)
  }
}

/// Redshift through its Data API.
///
/// A claim is a table of the attempt's name, which goes only with the ledger's line. One transaction drops it and every claim that
/// was there before it, runs the statement and writes the line: so an attempt takes effect with its line or not at all, and not
/// after a later one. The list of statements, which goes back a day, only says whether there is anything to wait for.
///
/// The length of a VARCHAR cannot be changed in a transaction. That statement says the length that is to be, so that a repeat
/// changes nothing.
struct RedshiftService: StatementService {
  static let schema = "mooring"
  /// TRUNCATE commits what was before it.
  private static let endsTransaction: Set = ["abort", "begin", "commit", "end", "rollback", "start", "truncate"]

  let api: RedshiftAPI
  let place: String
  let dialect = Dialect.redshift
  let writesLines = true
  let ledgerForm = LedgerForm(
    table: "\"\(Self.schema)\".\"ledger\"", now: "SYSDATE",
    timeText: { "CONCAT(REPLACE(TO_CHAR(\($0), 'YYYY-MM-DD HH24:MI:SS.US'), ' ', 'T'), 'Z')" }, integer: "INTEGER")
  private let database: String

  init(
    _ settings: RedshiftSettings, transport: any HTTPTransport, clock: any Clock<Duration>,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    let credential = AWSCredential(region: settings.region, credentials: settings.credentials, now: now)
    api = RedshiftAPI(
      client: ServiceClient(
        transport: transport, clock: clock, credential: credential,
        contentType: "application/x-amz-json-1.1",
        isHeldBack: isRedshiftThrottling),
      address: try settings.address(), target: settings.members)
    place = settings.place
    database = settings.database
  }

  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws {
    let end = try await api.run([statement.redshiftText()], name: "mooring", within: RedshiftAPI.ownTimeout)
    if let error = end.error { throw error }
    if end.hasResult { try await api.pages(of: end.id, each: each) }
  }

  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]? {
    do {
      try check(statement)
    } catch {
      // Nothing was sent, so the claim is free again.
      try? await clear(attempt)
      throw error
    }
    if isAlone(statement.text) { return try await runAlone(statement, as: attempt) }
    let claims = (attempt.earlier + [attempt.number]).map { table(of: Attempt(step: attempt.step, number: $0)) }
    let line = try ServiceLedger(service: self).addition(of: statement.entry.returning(nil)).redshiftText()
    let end = try await decided {
      try await api.run(
        ["DROP TABLE \(claims.joined(separator: ", "))", statement.text, line], name: attempt.name,
        within: RedshiftAPI.statementTimeout)
    }
    if let error = end.error {
      // Another attempt has dropped a claim, and has written the line.
      if end.part(1)?.status == "FAILED", error.kind == .missing { return nil }
      throw error
    }
    var rows: [[String?]] = []
    if let own = end.part(2), own.hasResult { try await api.pages(of: own.id) { rows += $0 } }
    return rows
  }

  private func check(_ statement: MergedStatement) throws(ServiceError) {
    precondition(
      statement.parameters.isEmpty, "a merged statement of Redshift has no parameters: it fills nothing in batches")
    let word = statement.text.drop(while: \.isWhitespace).prefix(while: \.isLetter).lowercased()
    guard !Self.endsTransaction.contains(word) else {
      throw ServiceError(.syntax, "\"\(word)\" ends the transaction that it would run in; nothing ran")
    }
    guard statement.text.utf8.count <= RedshiftAPI.maximumText else {
      throw ServiceError(
        .refused,
        "the statement has \(statement.text.utf8.count) bytes, and the Data API takes \(RedshiftAPI.maximumText)",
        hint: "divide the change")
    }
  }

  private func runAlone(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]] {
    let end = try await decided {
      try await api.run([statement.text], name: attempt.name, within: RedshiftAPI.statementTimeout)
    }
    if let error = end.error, !isRedshiftSizeTaken(error) { throw error }
    return []
  }

  /// The service may have taken the statement before it could not be reached.
  private func decided(_ run: () async throws -> RedshiftStatement) async throws -> RedshiftStatement {
    do {
      return try await run()
    } catch let error as ServiceError where [.unavailable, .unreadable, .incomplete].contains(error.kind) {
      throw ServiceError(.outcomeUnknown, error.message, code: error.code)
    }
  }

  private func isAlone(_ text: String) -> Bool {
    if case (_, .setType)? = try? dialect.parse(text) { true } else { false }
  }

  /// While the claim is there, a transaction has had no effect; a later attempt, which drops it, keeps it from ever having one.
  /// So where this identity is not shown the statement, it is enough that time has passed.
  func fate(of attempt: Attempt) async throws -> Fate {
    let statuses = try await api.statuses(of: attempt.name)
    if statuses.contains(where: RedshiftStatement.isRunning) { return .running }
    // Dropped since: with the line, which is looked for next.
    if try await !attempts(at: attempt.step).contains(where: { $0.number == attempt.number }) { return .running }
    if statuses.contains("FINISHED") { return .succeeded }
    return statuses.isEmpty ? .absent : .failed
  }

  func ledgerComment() async throws -> String? {
    let rows = try await rows(
      of: "SELECT remarks FROM svv_tables WHERE table_schema = \(Self.schema) AND table_name = \("ledger")")
    return rows.first.map { ($0.first ?? nil) ?? "" }
  }

  func createLedger() async throws {
    let schemas = try await rows(of: "SELECT nspname FROM pg_namespace WHERE nspname = \(Self.schema)")
    if schemas.isEmpty {
      try await needing("run: GRANT CREATE ON DATABASE \"\(database)\" TO the user of mooring.yaml") {
        _ = try await rows(of: "CREATE SCHEMA IF NOT EXISTS \(sql: "\"\(Self.schema)\"")")
      }
    }
    let columns = try ServiceLedger.definitions(dialect, integer: "INTEGER", moment: "TIMESTAMP") {
      $0 == "detail" ? "VARCHAR(65535)" : "VARCHAR(1024)"
    }
    try await needing("run: GRANT USAGE, CREATE ON SCHEMA \"\(Self.schema)\" TO the user of mooring.yaml") {
      let statements = [
        "CREATE TABLE IF NOT EXISTS \(ledgerForm.table) (\(columns))",
        "COMMENT ON TABLE \(ledgerForm.table) IS '\(ServiceLedger.comment)'",
      ]
      if let error = try await api.run(statements, name: "mooring", within: RedshiftAPI.ownTimeout).error {
        throw error
      }
    }
  }

  func attempts(at step: StepID) async throws -> [Attempt] {
    let prefix = "claim_\(Attempt.digest(of: step))_"
    let found = try await rows(
      of: """
        SELECT c.relname, DATEDIFF('second', c.relcreationtime, GETDATE()) FROM pg_class_info c \
        JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname = \(Self.schema) AND STRPOS(c.relname, \(prefix)) = 1
        """)
    let claims = found.map { row -> (name: String?, age: Duration?) in
      row.count == 2 ? (row[0], row[1].flatMap { Int($0) }.map { .seconds($0) }) : (nil, nil)
    }
    return Attempt.claimed(claims, at: step, prefix: prefix)
  }

  func claim(_ attempt: Attempt) async throws -> Bool {
    try await claim(attempt) {
      let end = try await decided {
        try await api.run(
          ["CREATE TABLE \(table(of: attempt)) (\"step\" INTEGER)"], name: "mooring", within: RedshiftAPI.ownTimeout)
      }
      if let error = end.error { throw error }
    }
  }

  func clear(_ attempt: Attempt) async throws {
    _ = try await rows(of: "DROP TABLE IF EXISTS \(sql: table(of: attempt))")
  }

  private func table(of attempt: Attempt) -> String { "\"\(Self.schema)\".\"claim_\(attempt.name)\"" }
}

extension BoundSQL {
  /// The Data API binds no empty text and no NULL, so values are written as literals.
  func redshiftText() throws(ServiceError) -> String {
    let literals = values.map(redshiftLiteral)
    if literals.contains(where: { $0.contains("\0") }) {
      throw ServiceError(.refused, "a value holds a character that Redshift does not store")
    }
    return text { literals[$0 - 1] }
  }
}

/// A backslash is doubled like a quote: whichever way the engine reads it, the literal ends where it should.
///
/// Source: Amazon Redshift documentation, "Literals"; a backslash escapes in every literal.
private func redshiftLiteral(_ value: String?) -> String {
  guard let value else { return "NULL" }
  return "'\(value.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
}
