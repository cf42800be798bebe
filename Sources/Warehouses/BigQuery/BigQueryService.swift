package import DriftCore
import JSON
package import Transport

extension ServiceWarehouse {
  /// - Parameters:
  ///   - clock: what pauses are waited on.
  ///   - now: what tokens are stamped with.
  package static func bigQuery(
    _ settings: BigQuerySettings, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp
  ) throws -> ServiceWarehouse {
    ServiceWarehouse(try BigQueryService(settings, transport: transport, clock: clock, now: now), clock: clock)
  }
}

/// BigQuery through its REST interface.
///
/// An attempt is a job whose id is the attempt's name. BigQuery takes an id once and remembers its jobs for months, so that
/// beginning the job is the claim.
struct BigQueryService: StatementService {
  static let dataset = "mooring"

  let api: BigQueryAPI
  let place: String
  let dialect = Dialect.bigQuery
  let ledgerForm: LedgerForm
  /// Quoted.
  let project: String

  init(
    _ settings: BigQuerySettings, transport: any HTTPTransport, clock: any Clock<Duration>,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    try settings.check()
    let source = try GoogleToken(settings.credentials, transport: transport)
    api = BigQueryAPI(
      client: ServiceClient(
        transport: transport, clock: clock, credential: AccessToken(now: now) { try await source.token(at: now()) }),
      address: "\(settings.url ?? "https://bigquery.googleapis.com/bigquery/v2")/projects/\(settings.project)",
      project: settings.project, location: settings.location)
    place = "\(settings.project) (\(settings.location))"
    project = try dialect.quote(settings.project)
    ledgerForm = LedgerForm(
      table: "\(project).`\(Self.dataset)`.`ledger`", now: "CURRENT_TIMESTAMP()",
      timeText: { "FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', \($0))" }, integer: "INT64")
  }

  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws {
    var generator = SystemRandomNumberGenerator()
    let id = "\(generator.next())-\(generator.next())".prefix(36)
    try await api.pages(statement.text { _ in "?" }, statement.values, requestID: String(id), each: each)
  }

  /// The server is asked first what it takes the text for: a list of statements never runs.
  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]? {
    let id = Self.job(of: attempt)
    let plan = try await api.dryRun(statement.text)
    if let error = plan.error { throw error }
    guard let type = plan.statementType, type != "SCRIPT" else {
      throw ServiceError(.syntax, "BigQuery takes the text for more than one statement; nothing ran")
    }
    guard let job = try await api.begin(statement.text, statement.parameters, id: id) else { return nil }
    if let error = try await api.end(of: job, id: id).error { throw error }
    var rows: [[String?]] = []
    if type == "SELECT" { try await api.pages(ofJob: id) { rows += $0 } }
    return rows
  }

  func fate(of attempt: Attempt) async throws -> Fate {
    guard let job = try await api.job(Self.job(of: attempt)) else { return .absent }
    if !job.isDone { return .running }
    return job.error == nil ? .succeeded : .failed
  }

  static func job(of attempt: Attempt) -> String { "mooring_\(attempt.name)" }

  /// Only the youngest. Numbers are given without gaps, so that it is found by halving.
  func attempts(at step: StepID) async throws -> [Attempt] {
    func exists(_ number: Int) async throws -> Bool {
      try await api.job(Self.job(of: Attempt(step: step, number: number))) != nil
    }
    var (known, missing) = (0, 1)
    while try await exists(missing) { (known, missing) = (missing, missing * 2) }
    while missing - known > 1 {
      let middle = (known + missing) / 2
      if try await exists(middle) { known = middle } else { missing = middle }
    }
    return known == 0 ? [] : [Attempt(step: step, number: known)]
  }

  func claim(_ attempt: Attempt) async throws -> Bool { true }

  func clear(_ attempt: Attempt) async throws {}

  func ledgerComment() async throws -> String? {
    try await api.document("datasets/\(Self.dataset)/tables/ledger").map { $0["description"]?.string ?? "" }
  }

  func createLedger() async throws {
    if try await api.document("datasets/\(Self.dataset)") == nil {
      try await needing(
        "create the dataset \(Self.dataset) in \(api.location), or grant the account bigquery.datasets.create"
      ) {
        _ = try await rows(
          of: """
            CREATE SCHEMA IF NOT EXISTS \(sql: project).`\(sql: Self.dataset)` \
            OPTIONS (location = '\(sql: api.location)')
            """)
      }
    }
    let columns = try ServiceLedger.definitions(dialect, integer: "INT64", moment: "TIMESTAMP") { _ in "STRING" }
    try await needing("grant the account the role BigQuery Data Editor on the dataset \(Self.dataset)") {
      _ = try await rows(
        of: """
          CREATE TABLE IF NOT EXISTS \(sql: ledgerForm.table) (\(sql: columns)) \
          OPTIONS (description = '\(sql: ServiceLedger.comment)')
          """)
    }
  }
}
