package import DriftCore
package import PostgreSQL
package import Transport

extension ServiceWarehouse {
  /// Through the Data API.
  ///
  /// - Parameters:
  ///   - clock: what pauses are waited on.
  ///   - now: what requests are stamped with; the service takes what is within five minutes of its own.
  package static func redshift(
    _ settings: RedshiftSettings, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp
  ) throws -> ServiceWarehouse {
    let credential = AWSCredential(region: settings.region, credentials: settings.credentials, now: now)
    let api = RedshiftAPI(
      client: ServiceClient(
        transport: transport, clock: clock, credential: credential,
        contentType: "application/x-amz-json-1.1",
        isHeldBack: isRedshiftThrottling),
      address: try settings.address(), target: settings.members)
    return ServiceWarehouse(
      RedshiftService(channel: api, place: settings.place, database: settings.database), clock: clock)
  }

  /// By libpq.
  ///
  /// - Parameter address: asked for before each connection, so that a password that somebody renews is taken up.
  package static func redshift(
    clock: any Clock<Duration> = ContinuousClock(), address: @escaping @Sendable () throws -> PostgresAddress
  ) throws -> ServiceWarehouse {
    let first = try address()
    return ServiceWarehouse(
      RedshiftService(
        channel: RedshiftConnection(address: address), place: "\(first.host)/\(first.database)",
        database: first.database),
      clock: clock)
  }
}

/// Redshift, through its Data API or over a connection of its own.
///
/// A claim is a table of the attempt's name, which goes only with the ledger's line. One transaction drops it and every claim that
/// was there before it, runs the statement and writes the line: so an attempt takes effect with its line or not at all, and not
/// after a later one. Where statements are remembered, their list only says whether there is anything to wait for; where not, the
/// claim of what is known to have failed is given back.
///
/// The length of a VARCHAR cannot be changed in a transaction. That statement says the length that is to be, so that a repeat
/// changes nothing.
struct RedshiftService: StatementService {
  static let schema = "mooring"
  /// Of the driver's own statements.
  static let ownTimeout = Duration.seconds(300)
  /// Of a merged statement: it is cancelled then.
  static let statementTimeout = Duration.seconds(3_600)
  /// TRUNCATE commits what was before it.
  private static let endsTransaction: Set = ["abort", "begin", "commit", "end", "rollback", "start", "truncate"]

  let channel: any RedshiftChannel
  let place: String
  let database: String
  let dialect = Dialect.redshift
  let writesLines = true
  let ledgerForm = LedgerForm(
    table: "\"\(Self.schema)\".\"ledger\"", now: "SYSDATE",
    timeText: { "CONCAT(REPLACE(TO_CHAR(\($0), 'YYYY-MM-DD HH24:MI:SS.US'), ' ', 'T'), 'Z')" }, integer: "INTEGER")

  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws {
    try await channel.pages(of: statement.redshiftText(), each: each)
  }

  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]? {
    do {
      try check(statement)
    } catch {
      // Nothing was sent, so the claim is free again.
      try? await clear(attempt)
      throw error
    }
    let isAlone = isAlone(statement.text)
    let claims = (attempt.earlier + [attempt.number]).map { table(of: Attempt(step: attempt.step, number: $0)) }
    let line = try ServiceLedger(service: self).addition(of: statement.entry.returning(nil)).redshiftText()
    let statements =
      isAlone ? [statement.text] : ["DROP TABLE \(claims.joined(separator: ", "))", statement.text, line]
    let run = try await decided {
      try await channel.run(statements, name: attempt.name, within: Self.statementTimeout)
    }
    guard let error = run.error else { return isAlone ? [] : run.rows[1] }
    if isAlone, isRedshiftSizeTaken(error) { return [] }
    // Another attempt has dropped a claim, and has written the line.
    if !isAlone, run.failed == 0, error.kind == .missing { return nil }
    if !channel.remembersStatements { try? await clear(attempt) }
    throw error
  }

  private func check(_ statement: MergedStatement) throws(ServiceError) {
    precondition(
      statement.parameters.isEmpty, "a merged statement of Redshift has no parameters: it fills nothing in batches")
    let word = statement.text.drop(while: \.isWhitespace).prefix(while: \.isLetter).lowercased()
    guard !Self.endsTransaction.contains(word) else {
      throw ServiceError(.syntax, "\"\(word)\" ends the transaction that it would run in; nothing ran")
    }
    guard statement.text.utf8.count <= channel.maximumText else {
      throw ServiceError(
        .refused, "the statement has \(statement.text.utf8.count) bytes, and at most \(channel.maximumText) are taken",
        hint: "divide the change")
    }
  }

  /// The service may have taken the statement before it could not be reached.
  private func decided(_ run: () async throws -> RedshiftRun) async throws -> RedshiftRun {
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
    let statuses = try await channel.statuses(of: attempt.name)
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
      if let error = try await channel.run(statements, name: "mooring", within: Self.ownTimeout).error {
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
      let run = try await decided {
        try await channel.run(
          ["CREATE TABLE \(table(of: attempt)) (\"step\" INTEGER)"], name: "mooring", within: Self.ownTimeout)
      }
      if let error = run.error { throw error }
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
