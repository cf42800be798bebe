import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

@Suite struct PostgresCatalogueTests {
  @Test func typesAreSpelledAsTheServerSpellsThem() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TYPE crm.mood AS ENUM ('good')")
    _ = try await administrator.query(
      """
      CREATE TABLE crm.account (a numeric(18,2), b varchar(255), c timestamptz NOT NULL, d jsonb,
        e text[], f crm.mood, g double precision, h bit(3))
      """)
    _ = try await administrator.query("ALTER TABLE crm.account DROP COLUMN b, ADD COLUMN i xml")
    let account = try await PostgresWarehouse(address: address).table(named("account"))
    #expect(
      account?.columns.map(\.physicalType) == [
        "numeric(18,2)", "timestamp with time zone", "jsonb", "text[]", "crm.mood",
        "double precision", "bit(3)", "xml",
      ])
    #expect(account?.columns.map(\.isNullable) == [true, false] + Array(repeating: true, count: 6))
  }

  @Test func onlyKeysThatHoldForEveryRowAreKeys() async throws {
    let (address, administrator) = try await freshDestination()
    for statement in [
      """
      CREATE TABLE crm.account (gone integer, a integer, b integer, c integer, d integer,
        e integer UNIQUE DEFERRABLE, f integer, PRIMARY KEY (b, a), UNIQUE (d, c))
      """,
      "ALTER TABLE crm.account DROP COLUMN gone",
      "CREATE UNIQUE INDEX ON crm.account (c) WHERE c > 0",
      "CREATE UNIQUE INDEX ON crm.account (abs(d))",
      "CREATE UNIQUE INDEX ON crm.account (a, abs(d))",
      "CREATE UNIQUE INDEX ON crm.account (f) INCLUDE (c)",
      "CREATE INDEX ON crm.account (c)",
    ] { _ = try await administrator.query(statement) }
    let account = try await PostgresWarehouse(address: address).table(named("account"))
    #expect(account?.uniqueKeys == [["b", "a"], ["d", "c"], ["f"]])
    #expect(account?.columns.filter(\.isPrimaryKey).map(\.name) == ["a", "b"])
  }

  @Test func everyKindOfTableIsThereAndNothingElse() async throws {
    let (address, administrator) = try await freshDestination()
    for statement in [
      "CREATE TABLE crm.plain (id integer)", "CREATE INDEX plain_index ON crm.plain (id)",
      "CREATE SEQUENCE crm.sequence", "CREATE VIEW crm.view AS SELECT 1 AS one",
      "CREATE MATERIALIZED VIEW crm.materialised AS SELECT 1 AS one",
      "CREATE TABLE crm.parted (id integer) PARTITION BY RANGE (id)",
      "CREATE TYPE crm.composite AS (id integer)", "CREATE TABLE crm.nothing ()",
      "CREATE TABLE public.elsewhere (id integer)",
    ] { _ = try await administrator.query(statement) }
    let tables = try await catalogue(of: ["crm", "absent"], at: address)
    #expect(tables.map(\.name.name) == ["materialised", "nothing", "parted", "plain", "view"])
    #expect(tables.map(\.isView) == [true, false, false, false, true])
    #expect(tables.map(\.columns.count) == [1, 0, 1, 1, 1])
  }

  @Test func anEstimateIsKnownOnceTheServerHasLooked() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query(
      "CREATE TABLE crm.account AS SELECT generate_series(1, 1000) AS id")
    let warehouse = PostgresWarehouse(address: address)
    let before = try await warehouse.table(named("account"))
    #expect(before?.rowEstimate == nil)
    #expect(before?.byteSize == nil)
    _ = try await administrator.query("ANALYZE crm.account")
    let after = try await warehouse.table(named("account"))
    #expect(after?.rowEstimate == 1000)
    #expect(after?.byteSize == 40_960)
  }

  @Test func hostileNamesAreOnlyNames() async throws {
    let names = [
      "Account", "ACCOUNT", "account", "a\"b", "it's; DROP TABLE x; --", "line\nbreak", "{a,b}",
      "NULL", "null", "\\", "\u{202E}rtl\u{200F}", "é", "e\u{301}", "$1", "a.b", " ",
      String(repeating: "x", count: 63),
    ]
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE SCHEMA \"we\"\"ird,{}\"")
    for name in names {
      let quoted = try quoteIdentifier(name)
      _ = try await administrator.query(
        "CREATE TABLE \"we\"\"ird,{}\".\(quoted) (\(quoted) integer PRIMARY KEY)")
    }
    let tables = try await catalogue(of: ["we\"ird,{}"], at: address)
    let expected = names.map { TableName(schema: "we\"ird,{}", name: $0) }.sorted()
    #expect(tables.map(\.name) == expected)
    for table in tables {
      #expect(table.columns.map(\.name) == [ColumnName(table.name.name)])
      #expect(table.uniqueKeys == [[ColumnName(table.name.name)]])
    }
    let warehouse = PostgresWarehouse(address: address)
    let cut = TableName(schema: "we\"ird,{}", name: String(repeating: "x", count: 64))
    #expect(try await warehouse.table(cut) == nil, "a name is not cut to one that exists")
    #expect(try await warehouse.table(expected[0])?.name == expected[0])
  }

  @Test func aTableThatIsBeingAlteredHoldsUpNobody() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.account (id integer PRIMARY KEY)")
    _ = try await administrator.query("ANALYZE crm.account")
    _ = try await administrator.query("BEGIN")
    _ = try await administrator.query("LOCK TABLE crm.account IN ACCESS EXCLUSIVE MODE")
    #expect(try await catalogue(of: ["crm"], at: address).count == 1)
    _ = try await administrator.query("ROLLBACK")
  }

  @Test func twoHundredTablesOfFiftyColumnsComeWhole() async throws {
    let (address, administrator) = try await freshDestination()
    try await createTables(200, columns: 50, through: administrator)
    let tables = try await catalogue(of: ["crm"], at: address)
    #expect(tables.count == 200)
    #expect(tables == tables.sorted { $0.name < $1.name })
    for table in tables {
      #expect(table.columns.map(\.name.text) == (1...50).map { "column_\($0)" })
      #expect(table.uniqueKeys == [["column_1"]])
    }
  }

  /// Wherever the connection is lost on the way, there is no catalogue: what has not come is not gone.
  @Test func aCatalogueThatIsCutAnywhereIsNoCatalogue() async throws {
    let (address, administrator) = try await freshDestination()
    try await createTables(60, columns: 20, through: administrator)
    let proxy = try CuttingProxy(to: try #require(UInt16(exactly: address.port)))
    var through = address
    through.port = Int(proxy.port)
    // One connection, which ends with its session: then it is known how much the server said.
    let (sql, parameters) = catalogueQuery(of: ["crm"])
    let whole = try await PostgresConnection.connect(to: through)
    try await whole.stream(sql, parameters: parameters) { _ in }
    await whole.close()
    while proxy.passed == 0 { await Task.yield() }
    let length = proxy.passed
    #expect(length > 20_000)
    for cut in stride(from: 1, to: length, by: length / 40) {
      proxy.cut(after: cut)
      let found = Collected<CatalogueTable>()
      let error = await #expect(throws: WarehouseError.self, "cut after \(cut) of \(length) bytes") {
        try await PostgresWarehouse(address: through).catalogue(of: ["crm"]) { found.append($0) }
      }
      #expect(error?.cause.kind == .connection, "\(error.map(String.init(describing:)) ?? "")")
      #expect(found.values.allSatisfy { $0.columns.count == 20 }, "a table is there whole or not at all")
    }
    proxy.cut(after: .max)
    let found = Collected<CatalogueTable>()
    try await PostgresWarehouse(address: through).catalogue(of: ["crm"]) { found.append($0) }
    #expect(found.values.count == 60)
  }

  /// Unlike elsewhere, the catalogue shows what the role may not read.
  @Test func aSchemaThatTheRoleMayNotUseIsThereAllTheSame() async throws {
    var (address, administrator) = try await freshDestination()
    let role = "reader_\(address.database)"
    for statement in [
      "CREATE SCHEMA secret", "CREATE TABLE secret.a (id integer PRIMARY KEY)", "CREATE TABLE crm.a (id integer)",
      "CREATE ROLE \(role) LOGIN", "REVOKE ALL ON SCHEMA secret FROM PUBLIC",
    ] { _ = try await administrator.query(statement) }
    address.user = role
    let tables = try await catalogue(of: ["crm", "secret"], at: address)
    #expect(tables.map(\.name.schema) == ["crm", "secret"])
    #expect(tables.map(\.columns.count) == [1, 1])
    _ = try await administrator.query("DROP ROLE \(role)")
  }
}

/// A new database with an empty schema `crm`, and a connection to it.
func freshDestination() async throws -> (PostgresAddress, PostgresConnection) {
  let address = try await PostgresServer.freshAddress()
  let administrator = try await PostgresConnection.connect(to: address)
  _ = try await administrator.query("CREATE SCHEMA crm")
  return (address, administrator)
}

private func named(_ name: String) -> TableName { TableName(schema: "crm", name: name) }

private func catalogue(
  of schemas: [String], at address: PostgresAddress
) async throws -> [CatalogueTable] {
  let found = Collected<CatalogueTable>()
  try await PostgresWarehouse(address: address).catalogue(of: schemas) { found.append($0) }
  return found.values
}

private func createTables(
  _ count: Int, columns: Int, through administrator: PostgresConnection
) async throws {
  let list = (1...columns).map { "column_\($0) varchar(255)" }.joined(separator: ", ")
  try await administrator.transaction { session in
    for number in 1...count {
      _ = try session.query("CREATE TABLE crm.table_\(number) (\(list), PRIMARY KEY (column_1))")
    }
  }
}
