import DriftCore
import Git
import Glibc
import PostgreSQL
import Reconciliation
import Storage
import Warehouses

/// One additive change of one table, merged and applied on a real PostgreSQL, without fetch: a column is added, looked at,
/// and 1,000 old rows are filled. Beside it its bare statements, on a connection of their own as well.
///
/// Ledger, audit log and lease are part of what is measured, and so is the connection.
struct AppliedChange {
  private static let rounds = 7
  private static let rows = 1_000

  private let address: PostgresAddress
  private let repository: GitRepository
  private let cache: SQLiteCache
  private let fleet = MemoryFleet()

  init(in folder: String, on server: PostgresAddress) async throws {
    address = server
    let seed = try SeedRepository(path: "\(folder)/apply.git") { write in
      try write("contracts/mooring.yaml", "version: 1\n")
      for round in 1...Self.rounds {
        for (path, text) in try Merged(round).files { try write(path, text) }
      }
    }
    repository = GitRepository(remote: seed.path, clone: "\(folder)/apply-clone", branch: "main")
    cache = try SQLiteCache(path: "\(folder)/apply.sqlite")
  }

  /// The best of seven each: apply, and its bare statements.
  func measure() async throws -> [(String, Measurement)] {
    let administrator = try await PostgresConnection.connect(to: address)
    _ = try await administrator.query("DROP SCHEMA IF EXISTS mooring, crm, analytics, bare CASCADE")
    for schema in ["crm", "analytics", "bare"] { _ = try await administrator.query("CREATE SCHEMA \(schema)") }
    for round in 1...Self.rounds {
      for text in try Merged(round).tables(rows: Self.rows) { _ = try await administrator.query(text) }
    }
    let tree = try await repository.tree(of: try await repository.fetch())
    let opened = LedgerEntry(
      step: StepID(
        destination: "warehouse", connection: "", table: TableName(schema: "", name: ""), change: 0, step: 0),
      state: .done, kind: "ledger", digest: "", commit: tree.commit.text)
    try await PostgresWarehouse(address: address).record(opened)

    var applied = Measurement.worst
    var bare = applied
    for round in 1...Self.rounds {
      let merged = try Merged(round)
      let reconciler = reconciler()
      let start = Measurement.now()
      let report = try await reconciler.apply(on: tree, only: [merged.connection])
      applied = applied.better(Measurement.now().since(start))
      guard report.applied.map(\.outcome) == [.applied] else {
        throw BenchmarkError(description: "the change was not applied: \(report.applied.map(\.outcome))")
      }
      bare = bare.better(try await run(merged))
    }
    return [
      ("apply of one additive change on PostgreSQL", applied), ("apply: its bare statements, for scale", bare),
    ]
  }

  private func run(_ merged: Merged) async throws -> Measurement {
    let start = Measurement.now()
    let connection = try await PostgresConnection.connect(to: address)
    _ = try await connection.query(merged.bare[0])
    var bound: String?
    repeat {
      bound = try await connection.query(merged.bare[1], parameters: [bound, "10000"]).rows.first?.first ?? nil
    } while bound != nil
    await connection.close()
    return Measurement.now().since(start)
  }

  private func reconciler() -> Reconciler {
    var reconciler = fleet.reconciler(repository: repository, forge: MemoryForge(), cache: cache)
    reconciler.project.connections = Dictionary(
      uniqueKeysWithValues: (1...Self.rounds).map { round in
        let name = ConnectionName("round_\(round)")
        return (
          name,
          ConnectionPolicy(
            id: ConnectionID("id_\(round)"), destination: "warehouse", mode: .propose, types: .catalogue)
        )
      })
    reconciler.destinations = [
      "warehouse": Destination(warehouse: PostgresWarehouse(address: address), dialect: .postgres)
    ]
    return reconciler
  }
}

/// The change of one round.
private struct Merged {
  let connection: ConnectionName
  let files: [(String, String)]
  /// The same statements on a table that nobody else is at.
  let bare: [String]
  private let mapping: Mapping

  init(_ round: Int) throws {
    let connection = ConnectionName("round_\(round)")
    self.connection = connection
    let source = TableName(schema: "crm", name: "account_\(round)")
    func mapping(onto schema: String) -> Mapping {
      Mapping(
        connection: connection, source: source,
        target: Target(table: TableName(schema: schema, name: "account_\(round)"), kind: .table),
        columns: [
          MappingColumn(sources: ["id"], target: "id", type: "text", isKey: true),
          MappingColumn(sources: ["tier"], target: "tier", type: "text"),
        ])
    }
    let actions: [AlterAction] = [.addColumn("tier", .text(length: nil)), .backfill(["tier"])]
    func statements(onto schema: String) throws -> [String] {
      try actions.map {
        try Dialect.postgres.statement(
          for: $0, mapping: mapping(onto: schema), landed: ["id": .text(length: nil), "tier": .text(length: nil)])
      }
    }
    self.mapping = mapping(onto: "analytics")
    bare = try statements(onto: "bare")
    var change = Change(
      number: 1, slug: "add-tier", connection: connection, table: source, target: self.mapping.target.table,
      actions: actions, irreversible: "a benchmark")
    change.footprint = Footprint(
      target: ["tier": nil as ColumnType?], landed: ["id": .text(length: nil), "tier": .text(length: nil)])
    change.steps = [
      Step(ordinal: 1, work: .ddl(statement: 1)),
      Step(ordinal: 2, work: .verify(.targetColumn("tier", .text(length: nil)))),
      Step(ordinal: 3, work: .backfill(statement: 2, batch: 10_000)),
    ]
    let folder = TableFolder(root: "contracts", connection: connection, table: source)
    files = [
      (folder.mapping, renderMapping(self.mapping)), (folder.file("change.yaml", of: change), renderChange(change)),
      (folder.file("up.sql", of: change), try statements(onto: "analytics").map { "\($0);\n" }.joined()),
    ]
  }

  func tables(rows: Int) -> [String] {
    let (source, name) = (mapping.source, mapping.source.name)
    return ["CREATE TABLE \(source) (id text PRIMARY KEY, tier text)"]
      + ["analytics", "bare"].map { "CREATE TABLE \($0).\(name) (id text PRIMARY KEY)" }
      + ["INSERT INTO \(source) SELECT n::text, 'gold' FROM generate_series(1, \(rows)) AS n"]
      + ["analytics", "bare"].map { "INSERT INTO \($0).\(name) SELECT id FROM \(source)" }
  }
}
