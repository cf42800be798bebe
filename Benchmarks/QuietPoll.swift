import DriftCore
import FoundationEssentials
import Git
import Reconciliation
import Storage
import Synchronization

/// The poll of a fleet in which nothing drifted: 20 connections, 2,000 tables of 50 columns, their contracts in a real
/// repository. Fivetran and the warehouse answer from memory, so that what is measured is our own.
struct QuietPoll {
  let reconciler: Reconciler
  private let source: MemorySource

  init(in folder: String) async throws {
    let tables = (0..<2_000).map(Self.table)
    let repository = try SeedRepository(path: "\(folder)/quiet.git") { write in
      try write("contracts/mooring.yaml", "version: 1\n")
      for (index, table) in tables.enumerated() {
        let connection = ConnectionName("connection_\(index / 100)")
        let observed = ObservedTable(landed: table, dialect: .postgres)
        let server = ContractServer(
          name: "warehouse", type: "postgres", schema: table.name.schema, connectionID: "id",
          connectorType: "salesforce", groupID: "group")
        try write(
          TableFolder(root: "contracts", connection: connection, table: table.name).contract,
          renderContract(contract(promising: observed, connection: connection), server: server))
      }
    }
    var connections: [ConnectionName: ConnectionPolicy] = [:]
    for index in 0..<20 {
      connections[ConnectionName("connection_\(index)")] = ConnectionPolicy(
        id: ConnectionID("id_\(index)"), destination: "warehouse", mode: .propose,
        types: .catalogue)
    }
    source = MemorySource(tables: tables)
    reconciler = Reconciler(
      project: Project(
        fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main",
        forge: ForgeSettings(kind: "local", folder: ""),
        destinations: [
          "warehouse": DestinationSettings(kind: "postgres", group: "group", url: "")
        ], connections: connections),
      root: "contracts", source: source,
      destinations: [
        "warehouse": Destination(warehouse: MemoryWarehouse(tables: tables), dialect: .postgres)
      ],
      repository: GitRepository(
        remote: repository.path, clone: "\(folder)/quiet-clone", branch: "main"),
      forge: NoForge(), cache: try SQLiteCache(path: "\(folder)/quiet.sqlite"),
      now: { Timestamp(microseconds: 0) })
  }

  /// First look, then a poll in which nothing synced, then one in which everything did.
  func measure() async throws -> [(String, Measurement)] {
    var results: [(String, Measurement)] = []
    results.append(("quiet poll: first look, 2,000 contracts parsed", try await once(1)))
    results.append(("quiet poll: nothing synced", try await best(of: 5) { try await once(1) }))
    var round = 1
    results.append(
      (
        "quiet poll: all synced, nothing drifted",
        try await best(of: 5) {
          round += 1
          return try await once(round)
        }
      ))
    return results
  }

  private func once(_ round: Int) async throws -> Measurement {
    source.sync(round)
    let start = Measurement.now()
    let report = try await reconciler.run()
    if report.hasFindings || report.isIncomplete || report.connections.contains(where: { !$0.actions.isEmpty }) {
      throw BenchmarkError(description: "the quiet poll was not quiet: \(report.connections)")
    }
    return Measurement.now().since(start)
  }

  private func best(of count: Int, _ body: () async throws -> Measurement) async throws
    -> Measurement
  {
    var best = try await body()
    for _ in 1..<count { best = best.better(try await body()) }
    return best
  }

  private static func table(_ index: Int) -> CatalogueTable {
    let types = ["text", "text", "timestamp with time zone", "boolean", "bigint", "numeric(18,2)"]
    return CatalogueTable(
      name: TableName(schema: "schema_\(index / 100)", name: "table_\(index)"),
      columns: (0..<50).map { column in
        CatalogueColumn(
          name: ColumnName("column_\(column)"), physicalType: types[column % types.count],
          isNullable: column > 0, isPrimaryKey: column == 0)
      }, uniqueKeys: [["column_0"]])
  }
}

private final class MemorySource: ConnectionSource {
  private let settings: [ConnectionID: ConnectionSettings]
  private let round = Mutex(0)

  init(tables: [CatalogueTable]) {
    var settings: [ConnectionID: ConnectionSettings] = [:]
    for (index, table) in tables.enumerated() {
      settings[
        ConnectionID("id_\(index / 100)"),
        default: ConnectionSettings(changeHandling: .allowAll, tables: [])
      ].tables.append(
        TableSetting(
          source: SourceTable(schema: table.name.schema, name: table.name.name), name: table.name,
          isEnabled: true))
    }
    self.settings = settings
  }

  func sync(_ number: Int) { round.withLock { $0 = number } }

  func connections() async throws -> [ConnectionStatus] {
    let time = Timestamp(microseconds: Int64(round.withLock { $0 }) * 1_000_000)
    return (0..<20).map {
      ConnectionStatus(
        id: ConnectionID("id_\($0)"), schema: "schema_\($0)", service: "salesforce",
        groupID: "group", succeededAt: time)
    }
  }

  func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    settings[connection] ?? ConnectionSettings(changeHandling: .allowAll, tables: [])
  }

  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting] {
    []
  }

  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {}
  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {}
}

private struct MemoryWarehouse: Warehouse {
  let tables: [CatalogueTable]

  func catalogue(
    of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void
  ) async throws {
    for table in tables { try each(table) }
  }

  func table(_ name: TableName) async throws -> CatalogueTable? { nil }
  func execute(_ statement: MergedStatement) async throws -> StatementOutcome { .alreadyDone }
  func ledger() async throws -> [LedgerEntry] { [] }
  func record(_ entry: LedgerEntry) async throws {}
}

private struct NoForge: Forge {
  func pullRequests() async throws -> [PullRequest] { [] }
  func open(_ draft: PullRequestDraft) async throws -> PullRequest { throw unexpected }
  func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest {
    throw unexpected
  }
  func mergeWhenAllowed(_ id: String, at head: CommitID) async throws -> AutoMerge { throw unexpected }
  func close(_ id: String, because reason: String) async throws { throw unexpected }
  func refuse(_ id: String, as closing: Closing) async throws { throw unexpected }
  func lift(_ id: String) async throws { throw unexpected }
  func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws { throw unexpected }
  func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest? { throw unexpected }
  func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome { throw unexpected }
  func dashboard() async throws -> DashboardIssue? { nil }
  func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue { throw unexpected }
  func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool { throw unexpected }

  private var unexpected: BenchmarkError {
    BenchmarkError(description: "a quiet poll opened a pull request")
  }
}
