package import DriftCore
import JSON
package import Transport

extension ServiceWarehouse {
  /// - Parameters:
  ///   - clock: what pauses are waited on.
  ///   - now: what tokens are held against.
  package static func databricks(
    _ settings: DatabricksSettings, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp
  ) throws -> ServiceWarehouse {
    ServiceWarehouse(try DatabricksService(settings, transport: transport, clock: clock, now: now), clock: clock)
  }
}

/// Databricks through its Statement Execution API: Delta tables of one catalog of Unity Catalog.
///
/// The interface takes no id of the client's for a statement. An attempt is claimed by creating a table of its name, which one
/// process can, and the query history tells what became of it.
struct DatabricksService: StatementService {
  static let schema = "mooring"
  /// The query history is asked for thirty days at most.
  static let memory = Duration.seconds(29 * 86_400)
  /// Before the claim, by which two clocks of the service may differ.
  static let historyMargin: Int64 = 120_000

  let api: DatabricksAPI
  let place: String
  let dialect = Dialect.databricks
  let ledgerForm: LedgerForm
  /// Quoted.
  private let catalogName: String
  private let schemaName: String

  init(
    _ settings: DatabricksSettings, transport: any HTTPTransport, clock: any Clock<Duration>,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    let address = try settings.address()
    let maker = DatabricksToken(
      clientID: settings.clientID, secret: settings.secret, address: address, transport: transport)
    api = DatabricksAPI(
      client: ServiceClient(
        transport: transport, clock: clock, credential: AccessToken(now: now) { try await maker.token(at: now()) }),
      address: address, warehouse: settings.warehouse, catalog: settings.catalog)
    place = "\(settings.host)/\(settings.catalog)"
    catalogName = try dialect.quote(settings.catalog)
    schemaName = try "\(catalogName).\(dialect.quote(Self.schema))"
    ledgerForm = LedgerForm(
      table: "\(schemaName).`ledger`", now: "current_timestamp()",
      timeText: { column in
        let utc = "to_utc_timestamp(\(column), current_timezone())"
        return "concat(replace(date_format(\(utc), 'yyyy-MM-dd HH:mm:ss.SSSSSS'), ' ', 'T'), 'Z')"
      },
      integer: "INT")
  }

  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws {
    _ = try await api.result(statement.text { ":p\($0)" }, statement.values, each: each)
  }

  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]? {
    var rows: [[String?]] = []
    let result = try await api.run(statement.text, statement.parameters, attempt: attempt.name) { rows += $0 }
    return result.isReport ? [] : rows
  }

  func fate(of attempt: Attempt) async throws -> Fate {
    if attempt.age > Self.memory { return .forgotten }
    let rows = try await rows(
      of: """
        SELECT unix_millis(created), comment FROM \(sql: information("tables")) \
        WHERE table_schema = \(Self.schema) AND table_name = \(databricksClaim(attempt))
        """)
    // Cleared away since: whoever did has written the line.
    guard let row = rows.first else { return .running }
    guard row.count == 2, let claimed = row[0].flatMap({ Int64($0) }) else {
      throw ServiceError(.unreadable, "the claim is not in the form asked for")
    }
    guard let queries = try await api.history(since: claimed - Self.historyMargin) else { return .forgotten }
    return databricksFate(of: attempt, statement: row[1], claimed: claimed, among: queries)
  }

  func ledgerComment() async throws -> String? {
    let rows = try await rows(
      of: """
        SELECT comment FROM \(sql: information("tables")) \
        WHERE table_schema = \(Self.schema) AND table_name = \("ledger")
        """)
    return rows.first.map { ($0.first ?? nil) ?? "" }
  }

  func createLedger() async throws {
    let principal = "TO `the principal that mooring.yaml names`"
    let schemas = try await rows(
      of: "SELECT schema_name FROM \(sql: information("schemata")) WHERE schema_name = \(Self.schema)")
    if schemas.isEmpty {
      try await needing("run: GRANT CREATE SCHEMA ON CATALOG \(catalogName) \(principal)") {
        _ = try await rows(of: "CREATE SCHEMA IF NOT EXISTS \(sql: schemaName)")
      }
    }
    let columns = try ServiceLedger.definitions(dialect, integer: "INT", moment: "TIMESTAMP") { _ in "STRING" }
    try await needing("run: GRANT USE SCHEMA, CREATE TABLE ON SCHEMA \(schemaName) \(principal)") {
      _ = try await rows(
        of: """
          CREATE TABLE IF NOT EXISTS \(sql: ledgerForm.table) (\(sql: columns)) \
          COMMENT '\(sql: ServiceLedger.comment)'
          """)
    }
  }

  func attempts(at step: StepID) async throws -> [Attempt] {
    let prefix = "claim_\(Attempt.digest(of: step))_"
    let found = try await rows(
      of: """
        SELECT table_name, unix_millis(created), unix_millis(current_timestamp()) FROM \(sql: information("tables")) \
        WHERE table_schema = \(Self.schema) AND startswith(table_name, \(prefix))
        """)
    let claims = found.map { row -> (name: String?, age: Duration?) in
      guard row.count == 3, let created = row[1].flatMap({ Int64($0) }), let now = row[2].flatMap({ Int64($0) }) else {
        return (nil, nil)
      }
      return (row[0], .milliseconds(now - created))
    }
    return Attempt.claimed(claims, at: step, prefix: prefix)
  }

  func claim(_ attempt: Attempt) async throws -> Bool {
    try await claim(attempt) {
      _ = try await api.result(
        "CREATE TABLE \(table(of: attempt)) (`step` STRING) COMMENT '\(attempt.statement ?? "")'",
        tag: databricksClaim(attempt), isRepeatable: false, each: { _ in })
    }
  }

  func clear(_ attempt: Attempt) async throws {
    _ = try await rows(of: "DROP TABLE IF EXISTS \(sql: table(of: attempt))")
  }

  private func table(of attempt: Attempt) -> String { "\(schemaName).`\(databricksClaim(attempt))`" }

  func information(_ view: String) -> String { "\(catalogName).information_schema.\(view)" }
}
