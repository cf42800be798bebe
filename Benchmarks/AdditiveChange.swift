import DriftCore
import PostgreSQL
import Warehouses

/// A merged change of a table of its own, by number: a column is added, looked at, and old rows are filled.
struct AdditiveChange {
  let connection: ConnectionName
  let files: [(String, String)]
  /// The same statements on a table that nobody else is at.
  let bare: [String]
  private let mapping: Mapping

  init(_ number: Int, of connection: ConnectionName) throws {
    self.connection = connection
    let source = TableName(schema: "crm", name: "account_\(number)")
    func mapping(onto schema: String) -> Mapping {
      Mapping(
        connection: connection, source: source,
        target: Target(table: TableName(schema: schema, name: "account_\(number)"), kind: .table),
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

  /// Schemas `crm`, `analytics` and `bare`, and no ledger.
  static func prepare(_ administrator: PostgresConnection) async throws {
    _ = try await administrator.query("DROP SCHEMA IF EXISTS mooring, crm, analytics, bare CASCADE")
    for schema in ["crm", "analytics", "bare"] { _ = try await administrator.query("CREATE SCHEMA \(schema)") }
  }

  /// Opens the ledger of the destination.
  static func openLedger(at address: PostgresAddress, commit: CommitID) async throws {
    let opened = LedgerEntry(
      step: StepID(
        destination: "warehouse", connection: "", table: TableName(schema: "", name: ""), change: 0, step: 0),
      state: .done, kind: "ledger", digest: "", commit: commit.text)
    try await PostgresWarehouse(address: address).record(opened)
  }

  func tables(rows: Int) -> [String] {
    let (source, name) = (mapping.source, mapping.source.name)
    return ["CREATE TABLE \(source) (id text PRIMARY KEY, tier text)"]
      + ["analytics", "bare"].map { "CREATE TABLE \($0).\(name) (id text PRIMARY KEY)" }
      + ["INSERT INTO \(source) SELECT n::text, 'gold' FROM generate_series(1, \(rows)) AS n"]
      + ["analytics", "bare"].map { "INSERT INTO \($0).\(name) SELECT id FROM \(source)" }
  }
}
