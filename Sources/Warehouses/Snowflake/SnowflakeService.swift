import Cryptography
package import DriftCore
import JSON
package import Transport

extension ServiceWarehouse {
  /// - Parameters:
  ///   - clock: what pauses are waited on.
  ///   - now: what tokens are stamped with.
  package static func snowflake(
    _ settings: SnowflakeSettings, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp
  ) throws -> ServiceWarehouse {
    ServiceWarehouse(try SnowflakeService(settings, transport: transport, clock: clock, now: now), clock: clock)
  }
}

/// Snowflake through its SQL API: one HTTP request a statement, each in a session of its own.
///
/// An attempt is claimed by creating a table of its name, which one process can. Its query tag tells what became of it.
struct SnowflakeService: StatementService {
  static let schema = "MOORING"
  /// The query history goes back seven days.
  static let memory = Duration.seconds(6 * 86_400)
  /// Rows that the query history gives at most.
  static let maximumHistory = 10_000

  let api: SnowflakeAPI
  let database: String
  let place: String
  let dialect = Dialect.snowflake
  /// Quoted, with the database.
  private let schemaName: String
  let ledgerForm: LedgerForm

  init(
    _ settings: SnowflakeSettings, transport: any HTTPTransport, clock: any Clock<Duration>,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    let signer = try SnowflakeToken(settings)
    let context = [
      ("database", settings.database), ("role", settings.role), ("warehouse", settings.warehouse),
    ].compactMap { name, value in value.map { JSONMember(name, .string($0)) } }
    api = SnowflakeAPI(
      client: ServiceClient(
        transport: transport, clock: clock, credential: AccessToken(now: now) { signer.signed(at: now()) },
        headers: [HTTPHeader("X-Snowflake-Authorization-Token-Type", "KEYPAIR_JWT")]),
      address: try settings.address(), context: context)
    database = settings.database
    place = "\(settings.account)/\(settings.database)"
    schemaName = try "\(dialect.quote(settings.database)).\(dialect.quote(Self.schema))"
    ledgerForm = LedgerForm(
      table: "\(schemaName).\"LEDGER\"", now: "SYSDATE()",
      timeText: { "TO_CHAR(\($0), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF6\"Z\"')" }, integer: "NUMBER(38, 0)")
  }

  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws {
    _ = try await api.result(statement.text { _ in "?" }, statement.values, each: each)
  }

  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]? {
    var rows: [[String?]] = []
    let result = try await api.run(
      statement.text, statement.parameters, requestID: Self.requestID(of: attempt), tag: Self.tag(of: attempt)
    ) { rows += $0 }
    return result.isReport ? [] : rows
  }

  /// The same in every process: a repeat within Snowflake's own memory is recognised as one.
  static func requestID(of attempt: Attempt) -> String {
    var bytes = Array(sha256(Array("mooring request\n\(attempt.name)".utf8)).prefix(16))
    // A name-based identifier (RFC 9562, version 8).
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(hex(bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }

  static func tag(of attempt: Attempt) -> String { "mooring:\(attempt.name)" }

  /// Of the statement that claims an attempt.
  static func claimTag(of attempt: Attempt) -> String { "mooring:claim:\(attempt.name)" }

  /// By the history of this user's statements, which has those that run as well. It has to show the claim's own statement:
  /// where somebody else made the claim, as before the user was changed, it shows nothing of theirs.
  func fate(of attempt: Attempt) async throws -> Fate {
    if attempt.age > Self.memory { return .forgotten }
    let seconds = Int(attempt.age.components.seconds) + 60
    let tag = Self.tag(of: attempt)
    let claim = Self.claimTag(of: attempt)
    let history = "TABLE(\(information("query_history_by_user"))"
    let rows = try await rows(
      of: """
        SELECT COUNT(*), MAX(IFF(query_tag = \(tag), execution_status, NULL)), \
        MAX(IFF(query_tag = \(claim), query_tag, NULL)) FROM \(sql: history)\
        (END_TIME_RANGE_START => DATEADD('second', \(sql: "-\(seconds)"), CURRENT_TIMESTAMP()), \
        RESULT_LIMIT => \(sql: "\(Self.maximumHistory)")))
        """)
    guard let row = rows.first, row.count == 3, let count = row[0].flatMap({ Int($0) }) else {
      throw ServiceError(.unreadable, "the query history is not in the form asked for")
    }
    switch row[1] {
    case "SUCCESS": return .succeeded
    case "FAILED_WITH_ERROR", "FAILED_WITH_INCIDENT": return .failed
    // A full answer may have left it out, and one without the claim may only be late.
    case nil:
      let isShown = count < Self.maximumHistory && (row[2] != nil || attempt.age <= ServiceWarehouse.claimEnd)
      return isShown ? .absent : .forgotten
    default: return .running
    }
  }

  func ledgerComment() async throws -> String? {
    let rows = try await rows(
      of: """
        SELECT comment FROM \(sql: information("tables")) \
        WHERE table_schema = \(Self.schema) AND table_name = \("LEDGER")
        """)
    return rows.first.map { ($0.first ?? nil) ?? "" }
  }

  func createLedger() async throws {
    let role = "to the role that mooring.yaml names"
    let schemas = try await rows(
      of: "SELECT schema_name FROM \(sql: information("schemata")) WHERE schema_name = \(Self.schema)")
    if schemas.isEmpty {
      try await needing("run: GRANT CREATE SCHEMA ON DATABASE \(dialect.quote(database)) \(role)") {
        _ = try await rows(of: "CREATE SCHEMA IF NOT EXISTS \(sql: schemaName)")
      }
    }
    let columns = try ServiceLedger.definitions(dialect, integer: "NUMBER(38, 0)", moment: "TIMESTAMP_NTZ(9)") { _ in
      "VARCHAR"
    }
    try await needing("run: GRANT USAGE, CREATE TABLE ON SCHEMA \(schemaName) \(role)") {
      _ = try await rows(
        of: """
          CREATE TABLE IF NOT EXISTS \(sql: ledgerForm.table) (\(sql: columns)) \
          COMMENT = '\(sql: ServiceLedger.comment)'
          """)
    }
  }

  func attempts(at step: StepID) async throws -> [Attempt] {
    let prefix = "CLAIM_\(Attempt.digest(of: step).uppercased())_"
    let found = try await rows(
      of: """
        SELECT table_name, DATEDIFF('second', created, CURRENT_TIMESTAMP()) FROM \(sql: information("tables")) \
        WHERE table_schema = \(Self.schema) AND STARTSWITH(table_name, \(prefix))
        """)
    let claims = found.map { row -> (name: String?, age: Duration?) in
      row.count == 2 ? (row[0], row[1].flatMap { Int($0) }.map { .seconds($0) }) : (nil, nil)
    }
    return Attempt.claimed(claims, at: step, prefix: prefix)
  }

  func claim(_ attempt: Attempt) async throws -> Bool {
    try await claim(attempt) {
      _ = try await api.result(
        "CREATE TABLE \(table(of: attempt)) (\"STEP\" VARCHAR)", tag: Self.claimTag(of: attempt), isRepeatable: false,
        each: { _ in })
    }
  }

  func clear(_ attempt: Attempt) async throws {
    _ = try await rows(of: "DROP TABLE IF EXISTS \(sql: table(of: attempt))")
  }

  private func table(of attempt: Attempt) -> String { "\(schemaName).\"CLAIM_\(attempt.name.uppercased())\"" }

  /// A view of the database's information schema; the database's name was quoted before.
  func information(_ view: String) -> String {
    "\(schemaName.dropLast(Self.schema.count + 2))information_schema.\(view)"
  }
}
