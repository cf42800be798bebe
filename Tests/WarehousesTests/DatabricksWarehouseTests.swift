import DriftCore
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct DatabricksWarehouseTests {
  @Test func aDatabricksDestinationKeepsThePromisesOfAWarehouse() async throws {
    let fake = try freshDatabricks()
    try await checkWarehouse(databricks(fake, clock: ContinuousClock()), schema: "crm") { try fake.administer($0) }
    #expect(fake.violations == [])
  }

  @Test func typesAndKeysAreThoseOfTheInformationSchema() async throws {
    let fake = try freshDatabricks()
    try fake.administer(
      """
      CREATE TABLE crm.t (A BIGINT PRIMARY KEY, b BIGINT PRIMARY KEY, c DECIMAL(18, 2) NOT NULL, d STRING, e TIMESTAMP)
      """)
    let table = try await databricks(fake).table(TableName(schema: "crm", name: "t"))
    #expect(table?.columns.map(\.physicalType) == ["bigint", "bigint", "decimal(18,2)", "string", "timestamp"])
    #expect(table?.columns.map(\.isNullable) == [false, false, false, true, true])
    #expect(table?.uniqueKeys == [["a", "b"]])
    #expect(table?.columns.map(\.isPrimaryKey) == [true, true, false, false, false], "a foreign key is none")
    let types = table?.columns.map { Dialect.databricks.parseType($0.physicalType) }
    #expect(types?.contains { if case .unrecognized = $0 { true } else { false } } == false)
  }

  @Test func aCatalogueIsOneQueryInChunksAndWhole() async throws {
    let fake = try freshDatabricks()
    for number in 1...50 {
      try fake.administer("CREATE TABLE crm.t\(number) (id INTEGER PRIMARY KEY, a STRING, b STRING)")
    }
    fake.change { $0.chunkSize = 7 }
    let tables = try await streamedCatalogue(of: "crm", from: databricks(fake)) { fake.requests.count }
    #expect(tables.count == 50)
    #expect(tables == tables.sorted { $0.name < $1.name })
    #expect(tables.allSatisfy { $0.columns.count == 3 && $0.uniqueKeys == [["id"]] })
    #expect(fake.requests.filter { $0.target.contains("/result/chunks/") }.count == 21)
    #expect(fake.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/statements") }.count == 1)
    #expect(fake.violations == [])
  }

  @Test func halfACatalogueIsNoCatalogue() async throws {
    let fake = try freshDatabricks()
    for name in ["a", "b"] { try fake.administer("CREATE TABLE crm.\(name) (id INTEGER)") }
    fake.change { $0.faults = [ServiceFault("information_schema.columns", .halve)] }
    let error = await #expect(throws: ServiceError.self) { _ = try await catalogue(of: ["crm"], fake) }
    #expect(error?.kind == .incomplete)
    #expect(error?.description.contains("1 of 2 rows") == true)
  }

  @Test func rowsOfATableThatDoNotComeTogetherAreNoCatalogue() async throws {
    let fake = try freshDatabricks()
    let columns = (1...7).map { "{\"name\": \"c\($0)\"}" }.joined(separator: ", ")
    let rows = ["a", "b", "a"].map { "[\"crm\", \"\($0)\", \"MANAGED\", \"id\", \"int\", \"YES\", null]" }
    let body = """
      {"statement_id": "01ed", "status": {"state": "SUCCEEDED"}, "manifest": {"schema": {"columns": [\(columns)]}, \
      "total_row_count": 3}, "result": {"row_count": 3, "data_array": [\(rows.joined(separator: ", "))]}}
      """
    fake.change { $0.faults = [ServiceFault("full_data_type", .answer(200, body: body))] }
    let error = await #expect(throws: ServiceError.self) { _ = try await catalogue(of: ["crm"], fake) }
    #expect(error?.kind == .unreadable)
    #expect(error?.description.contains("the rows of crm.a do not come one after another") == true)
  }

  @Test(arguments: [
    #""truncated": true, "total_row_count": 1"#, #""total_row_count": 2"#, #""total_row_count": 0"#,
    #""total_row_count": 1, "chunks": [{"chunk_index": 0, "row_count": 2}]"#,
  ])
  func aResultThatIsNotWhatItsManifestAnnouncesIsNoResult(manifest: String) async throws {
    let fake = try freshDatabricks()
    let body = """
      {"statement_id": "01ed", "status": {"state": "SUCCEEDED"}, "manifest": {"schema": {"columns": [{"name": "comment"}]}, \
      \(manifest)}, "result": {"row_count": 1, "data_array": [["mooring ledger 1"]]}}
      """
    fake.change { $0.faults = [ServiceFault("comment", .answer(200, body: body))] }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).ledger() }
    #expect(error?.kind == .incomplete)
  }

  @Test func aLongStatementIsWaitedFor() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change {
      $0.faults = [
        ServiceFault("INSERT INTO crm", .stayAtIt(5)), ServiceFault("table_name, unix_millis", .stayAtIt(2)),
      ]
    }
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    #expect(fake.requests.filter { $0.method == "GET" }.count == 9)
    #expect(fake.violations == [])
  }

  @Test func aStatementThatTakesLongerThanAnHourIsCancelled() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))] }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    #expect(error?.kind == .timedOut)
    #expect(fake.requests.filter { $0.path.hasSuffix("/cancel") }.count == 1)
  }

  @Test func whatTheServiceRefusedMayBeTriedAgain() async throws {
    let fake = try freshDatabricks()
    for _ in 0..<3 {
      let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
      #expect(error?.kind == .missing)
    }
    #expect(try await databricks(fake).ledger().isEmpty)
    try fake.administer("CREATE TABLE crm.counted (n INT)")
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    #expect(databricksClaims(fake).isEmpty)
  }

  @Test(
    arguments: [
      ("ALTER TABLE `crm`.`account` ADD COLUMNS (`name` STRING)", ServiceError.Kind.exists),
      ("ALTER TABLE `crm`.`account` DROP COLUMN `nowhere`", .missing),
      ("ALTER TABLE `crm`.`account` ALTER COLUMN `amount` TYPE STRING", .typeChange),
      ("ALTER TABLE `crm`.`account` ALTER COLUMN `amount` SET NOT NULL", .notEmpty),
      ("ALTER TABLE `crm`.`absent` DROP COLUMN `name`", .missing),
      ("ALTER TABLE `crm`.`account` EXPLODE", .syntax),
      ("INSERT INTO crm.account VALUES ('b', 1); INSERT INTO crm.account VALUES ('c', 1)", .syntax),
    ] as [(String, ServiceError.Kind)])
  func whatDatabricksRefusesHasAName(statement: String, kind: ServiceError.Kind) async throws {
    let fake = try freshDatabricks()
    try fake.administer("CREATE TABLE crm.account (name STRING, amount DECIMAL(10, 2))")
    try fake.administer("INSERT INTO crm.account VALUES ('a', NULL)")
    let error = await #expect(throws: ServiceError.self) {
      try await databricks(fake).execute(MergedStatement(text: statement, entry: exampleEntry()))
    }
    #expect(error?.kind == kind, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("hint: ") == true)
  }

  @Test(
    arguments: [
      ("[TABLE_OR_VIEW_NOT_FOUND] x", ServiceError.Kind.missing), ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] x", .missing),
      ("[TABLE_OR_VIEW_ALREADY_EXISTS] x", .exists), ("[PARSE_SYNTAX_ERROR] x", .syntax),
      ("[DELTA_METADATA_CHANGED] x", .conflict), ("[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] x", .notEmpty),
      ("[INSUFFICIENT_PERMISSIONS] x", .forbidden), ("no condition", .refused),
    ] as [(String, ServiceError.Kind)])
  func aConditionIsKnownByItsNameWhereTheStateIsMissing(message: String, kind: ServiceError.Kind) async throws {
    let fake = try freshDatabricks(counted: true)
    let body = """
      {"statement_id": "01ed", "status": {"state": "FAILED", "error": {"error_code": "BAD_REQUEST", "message": "\(message)"}}}
      """
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .answer(200, body: body))] }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    #expect(error?.kind == kind)
  }

  @Test func aTableWithoutColumnMappingIsToldWhatItNeeds() async throws {
    let fake = try freshDatabricks(counted: true)
    let body = """
      {"statement_id": "01ed", "status": {"state": "FAILED", "sql_state": "0AKDC", "error": {"error_code": "BAD_REQUEST", \
      "message": "[DELTA_UNSUPPORTED_DROP_COLUMN] DROP COLUMN is not supported for your Delta table."}}}
      """
    fake.change { $0.faults = [ServiceFault("DROP COLUMN", .answer(200, body: body))] }
    let error = await #expect(throws: ServiceError.self) {
      try await databricks(fake).execute(
        MergedStatement(text: "ALTER TABLE crm.counted DROP COLUMN n", entry: exampleEntry()))
    }
    #expect(error?.kind == .refused)
    #expect(error?.description.contains("hint: the table needs delta.columnMapping.mode = name") == true)
  }
}

let databricksInsert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())

func databricksCount(_ fake: FakeDatabricks) -> Int? {
  fake.change { $0.engine.tables[["crm", "counted"]]?.rows.count }
}

func databricksClaims(_ fake: FakeDatabricks) -> [String] {
  fake.change { $0.engine.tables.keys.filter { $0[0] == "mooring" && $0[1] != "ledger" }.map { $0[1] } }
}

private func catalogue(of schemas: [String], _ fake: FakeDatabricks) async throws -> [CatalogueTable] {
  let found = Collected<CatalogueTable>()
  try await databricks(fake).catalogue(of: schemas) { found.append($0) }
  return found.values
}

func freshDatabricks(counted: Bool = false) throws -> FakeDatabricks {
  let fake = try FakeDatabricks()
  fake.change { $0.engine.schemas = ["crm"] }
  if counted { try fake.administer("CREATE TABLE crm.counted (n INT)") }
  return fake
}

func databricks(
  _ fake: FakeDatabricks, clientID: String? = FakeDatabricks.clientID, secret: String = FakeDatabricks.secret,
  clock: any Clock<Duration> = ImmediateClock()
) throws -> ServiceWarehouse {
  try ServiceWarehouse.databricks(
    DatabricksSettings(
      host: "dbc-1.cloud.databricks.com", warehouse: FakeDatabricks.warehouse, catalog: FakeDatabricks.catalog,
      clientID: clientID, secret: Secret(secret), url: fake.url),
    transport: RetryingTransport(try LiveTransport(), clock: ImmediateClock()), clock: clock, now: { fake.now })
}
