import DriftCore
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct RedshiftWarehouseTests {
  @Test(arguments: RedshiftWay.allCases)
  func aRedshiftDestinationKeepsThePromisesOfAWarehouse(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    try await checkWarehouse(redshift(fake, by: way, clock: ContinuousClock()), schema: "crm") {
      try fake.administer($0)
    }
    #expect(fake.violations == [])
  }

  @Test(arguments: RedshiftWay.allCases)
  func typesAndKeysAreThoseOfTheCatalogue(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    try fake.administer(
      """
      CREATE TABLE crm.t (b BIGINT PRIMARY KEY, A INTEGER PRIMARY KEY, c DECIMAL(18, 2) NOT NULL, d VARCHAR(65535), \
      e VARCHAR, f TIMESTAMP, g SUPER, h TIMESTAMPTZ, i DOUBLE PRECISION)
      """)
    fake.change { $0.engine.tables[["crm", "t"]]?.key = ["a", "b"] }
    let table = try #require(try await redshift(fake, by: way).table(TableName(schema: "crm", name: "t")))
    #expect(
      table.columns.map(\.physicalType) == [
        "bigint", "integer", "numeric(18,2)", "character varying(65535)", "character varying(256)",
        "timestamp without time zone", "super", "timestamp with time zone", "double precision",
      ])
    #expect(table.columns.map(\.isNullable) == [false, false, false] + Array(repeating: true, count: 6))
    #expect(table.uniqueKeys == [["a", "b"]], "in the order of the key, and a foreign key is none")
    let types = table.columns.map { Dialect.redshift.parseType($0.physicalType) }
    #expect(types[3] == .text(length: nil))
    #expect(types[6] == .json)
    #expect(!types.contains { if case .unrecognized = $0 { true } else { false } })
  }

  @Test(arguments: RedshiftWay.allCases)
  func aLateBindingViewIsAView(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    try fake.administer("CREATE VIEW crm.v AS SELECT id FROM crm.absent WITH NO SCHEMA BINDING")
    let view = try await redshift(fake, by: way).table(TableName(schema: "crm", name: "v"))
    #expect(view?.isView == true)
    #expect(view?.columns.map(\.name) == ["id"])
  }

  @Test(arguments: RedshiftWay.allCases)
  func aViewIsToldWithWhoMayReadItAndWhatIsBoundToIt(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    try fake.administer("CREATE TABLE crm.t (id INTEGER, seats INTEGER)")
    fake.change { $0.engine.grantees = [["user", "analyst"], ["group", "finance"], ["role", "stewards"]] }
    for statement in [
      "CREATE VIEW crm.v AS SELECT id, seats FROM crm.t", "CREATE VIEW crm.bound AS SELECT id FROM crm.v",
      "CREATE VIEW crm.late AS SELECT id FROM crm.v WITH NO SCHEMA BINDING",
      "GRANT SELECT, INSERT ON TABLE crm.v TO analyst WITH GRANT OPTION",
      "GRANT SELECT ON TABLE crm.v TO GROUP finance",
      "GRANT SELECT, DROP ON TABLE crm.v TO ROLE stewards", "GRANT SELECT ON TABLE crm.v TO PUBLIC",
    ] { try fake.administer(statement) }
    let view = try #require(try await redshift(fake, by: way).table(TableName(schema: "crm", name: "v"))?.view)
    #expect(
      view.grants == [
        Grant([.select], to: .everyone), Grant([.select], to: .named(.user, "analyst"), isGrantable: true),
        Grant([.select], to: .named(.group, "finance")), Grant([.select, .drop], to: .named(.role, "stewards")),
      ])
    #expect(view.dependants == [TableName(schema: "crm", name: "bound")])
    #expect(fake.violations == [])
  }

  /// Statements as they are drafted, on an engine that replaces a view only by one of the same columns.
  @Test(arguments: RedshiftWay.allCases)
  func aViewIsMadeAnewBesideTheOldOneAndBackAgain(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    fake.change { $0.engine.grantees = [["user", "analyst"]] }
    let mapping = Mapping(
      connection: "crm", source: TableName(schema: "crm", name: "t"),
      target: Target(table: TableName(schema: "crm", name: "v"), kind: .view),
      columns: [MappingColumn(sources: ["seats"], target: "seats", type: "INTEGER")])
    for statement in [
      "CREATE TABLE crm.t (id INTEGER, seats INTEGER)", "CREATE VIEW crm.v AS SELECT id FROM crm.t",
      "CREATE VIEW crm.bound AS SELECT id FROM crm.v", "GRANT SELECT ON TABLE crm.v TO analyst",
    ] { try fake.administer(statement) }
    let actions: [AlterAction] = [
      .renameTable(to: "v_before_0001"), .replaceView, .grant(Grant([.select], to: .named(.user, "analyst"))),
    ]
    let statements = try actions.map {
      try Dialect.redshift.statement(for: $0, mapping: mapping, landed: ["seats": .integer(bits: 32)])
    }
    let warehouse = try redshift(fake, by: way)
    func run(_ text: String, step: Int) async throws {
      var entry = exampleEntry()
      entry.step.step = step
      _ = try await warehouse.execute(MergedStatement(text: text, entry: entry))
    }
    let error = await #expect(throws: ServiceError.self) { try await run(statements[1], step: 9) }
    #expect(error?.description.contains("cannot change name of view column") == true)
    for (index, statement) in statements.enumerated() { try await run(statement, step: index + 1) }
    let view = try #require(try await warehouse.table(mapping.target.table))
    #expect(view.columns.map(\.name) == ["seats"])
    #expect(view.view == ViewFacts(grants: [Grant([.select], to: .named(.user, "analyst"))]))
    let kept = try #require(try await warehouse.table(TableName(schema: "crm", name: "v_before_0001")))
    #expect(kept.view?.dependants == [TableName(schema: "crm", name: "bound")])
    let back = [
      try Dialect.redshift.alter(mapping.target.table, .dropView),
      try Dialect.redshift.down(for: actions[0], mapping: mapping) ?? "",
    ]
    for (index, statement) in back.enumerated() { try await run(statement, step: index + 5) }
    #expect(try await warehouse.table(mapping.target.table)?.view?.dependants == kept.view?.dependants)
    #expect(fake.violations == [])
  }

  @Test(arguments: RedshiftWay.allCases)
  func rowsAndSizesAreToldWhereTheUserMaySeeThem(way: RedshiftWay) async throws {
    let fake = try freshRedshift(counted: true)
    try fake.administer("INSERT INTO crm.counted VALUES (1)")
    let name = TableName(schema: "crm", name: "counted")
    #expect(try await redshift(fake, by: way).table(name)?.rowEstimate == nil)
    fake.change { $0.showsSizes = true }
    let table = try await redshift(fake, by: way).table(name)
    #expect(table?.rowEstimate == 1)
    #expect(table?.byteSize == 6 << 20)
  }

  @Test func aCatalogueComesPageByPageAndWhole() async throws {
    let fake = try freshRedshift()
    for number in 1...50 {
      try fake.administer("CREATE TABLE crm.t\(number) (id INTEGER PRIMARY KEY, a VARCHAR, b VARCHAR)")
    }
    fake.change { $0.pageSize = 7 }
    let tables = try await streamedCatalogue(of: "crm", from: redshift(fake)) { fake.requests.count }
    #expect(tables.count == 50)
    #expect(tables == tables.sorted { $0.name < $1.name })
    #expect(tables.allSatisfy { $0.columns.count == 3 && $0.uniqueKeys == [["id"]] })
    #expect(fake.violations == [])
  }

  @Test func halfACatalogueIsNoCatalogue() async throws {
    let fake = try freshRedshift()
    for name in ["a", "b"] { try fake.administer("CREATE TABLE crm.\(name) (id INTEGER)") }
    fake.change { $0.faults = [ServiceFault("svv_columns", .halve)] }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).catalogue(of: ["crm"]) { _ in } }
    #expect(error?.kind == .incomplete)
    #expect(error?.description.contains("1 of 2 rows") == true)
  }

  @Test func pagesThatComeRoundAgainAreNoResult() async throws {
    let fake = try freshRedshift()
    let page = """
      {"ColumnMetadata": [{"name": "remarks"}], "Records": [[{"stringValue": "x"}]], "NextToken": "again"}
      """
    fake.change { $0.faults = (0..<3).map { _ in ServiceFault("GetStatementResult", .answer(200, body: page)) } }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).ledger() }
    #expect(error?.kind == .incomplete)
  }

  @Test(arguments: RedshiftWay.allCases)
  func whatTheDatabaseRefusedMayBeTriedAgain(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    for _ in 0..<3 {
      let error = await #expect(throws: ServiceError.self) { try await redshift(fake, by: way).execute(redshiftInsert) }
      #expect(error?.kind == .missing)
    }
    #expect(try await redshift(fake, by: way).ledger().isEmpty)
    #expect(redshiftClaims(fake).count == (way == .dataAPI ? 3 : 0), "of what nobody remembers no claim is left")
    try fake.administer("CREATE TABLE crm.counted (n INT)")
    #expect(try await redshift(fake, by: way).execute(redshiftInsert) == .done(row: nil))
    #expect(redshiftClaims(fake).isEmpty, "all go with the line")
  }

  @Test(
    arguments: [
      ("ALTER TABLE \"crm\".\"account\" ADD COLUMN \"name\" BIGINT", ServiceError.Kind.exists),
      ("ALTER TABLE \"crm\".\"account\" DROP COLUMN \"nowhere\"", .missing),
      ("ALTER TABLE \"crm\".\"account\" ALTER COLUMN \"amount\" TYPE VARCHAR(20)", .typeChange),
      ("ALTER TABLE \"crm\".\"account\" ALTER COLUMN \"name\" TYPE VARCHAR(2)", .typeChange),
      ("ALTER TABLE \"crm\".\"account\" ADD COLUMN \"must\" BIGINT NOT NULL", .notEmpty),
      ("ALTER TABLE \"crm\".\"absent\" DROP COLUMN \"name\"", .missing),
      ("ALTER TABLE \"crm\".\"account\" ADD COLUMN \"a\" BIGINT, ADD COLUMN \"b\" BIGINT", .syntax),
      ("ALTER TABLE \"crm\".\"account\" ALTER COLUMN \"amount\" SET NOT NULL", .syntax),
      ("INSERT INTO crm.account VALUES ('b', 1); INSERT INTO crm.account VALUES ('c', 1)", .syntax),
    ] as [(String, ServiceError.Kind)], RedshiftWay.allCases)
  func whatRedshiftRefusesHasAName(refused: (statement: String, kind: ServiceError.Kind), way: RedshiftWay) async throws
  {
    let fake = try freshRedshift()
    try fake.administer("CREATE TABLE crm.account (name VARCHAR(40), amount DECIMAL(10, 2))")
    try fake.administer("INSERT INTO crm.account VALUES ('abc', NULL)")
    let error = await #expect(throws: ServiceError.self) {
      try await redshift(fake, by: way).execute(MergedStatement(text: refused.statement, entry: exampleEntry()))
    }
    #expect(error?.kind == refused.kind, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("hint: ") == true)
    #expect(fake.change { $0.engine.effects } == [])
  }

  @Test func aStatementLongerThanTheServiceTakesIsNotSent() async throws {
    let fake = try freshRedshift(counted: true)
    let long = MergedStatement(
      text: "INSERT INTO crm.counted VALUES (1)" + String(repeating: " ", count: 100_000), entry: exampleEntry())
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).execute(long) }
    #expect(error?.description.contains("at most 100000 are taken") == true)
    #expect(redshiftCount(fake) == 0)
    #expect(redshiftClaims(fake).isEmpty, "the claim is given back")
    #expect(fake.violations == [])
  }

  @Test(arguments: RedshiftWay.allCases)
  func theDetailOfALineIsWhateverItIs(way: RedshiftWay) async throws {
    let fake = try freshRedshift()
    let details = ["", "\\", "'", "\\'; DROP TABLE mooring.ledger; --", "a\\'\\\\'b", "$1 :p1 ?", "é\u{202E}\n"]
    for (index, detail) in details.enumerated() {
      try await redshift(fake, by: way).record(exampleEntry(change: index + 1, state: .failed, detail: detail))
    }
    #expect(try await redshift(fake, by: way).ledger().map(\.detail) == details)
  }
}

let redshiftInsert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())

func redshiftCount(_ fake: FakeRedshift) -> Int? {
  fake.change { $0.engine.tables[["crm", "counted"]]?.rows.count }
}

func redshiftClaims(_ fake: FakeRedshift) -> [String] {
  fake.change { $0.engine.tables.keys.filter { $0[0] == "mooring" && $0[1].hasPrefix("claim_") }.map { $0[1] } }
}

func freshRedshift(counted: Bool = false) throws -> FakeRedshift {
  let fake = try FakeRedshift()
  fake.change { $0.engine.schemas = ["crm"] }
  if counted { try fake.administer("CREATE TABLE crm.counted (n INT)") }
  return fake
}

/// How the driver reaches it.
enum RedshiftWay: CaseIterable, Sendable {
  case dataAPI, connection
}

func redshift(
  _ fake: FakeRedshift, by way: RedshiftWay, clock: any Clock<Duration> = ImmediateClock()
) throws -> ServiceWarehouse {
  switch way {
  case .dataAPI: try redshift(fake, clock: clock)
  case .connection: try ServiceWarehouse.redshift(clock: clock) { fake.address }
  }
}

func redshift(
  _ fake: FakeRedshift, secretKey: String = FakeRedshift.secretKey, sessionToken: String? = nil,
  target: RedshiftSettings.Target = .workgroup(FakeRedshift.workgroup), clock: any Clock<Duration> = ImmediateClock()
) throws -> ServiceWarehouse {
  try ServiceWarehouse.redshift(
    RedshiftSettings(
      region: FakeRedshift.region, target: target, database: FakeRedshift.database, url: fake.url,
      credentials: {
        AWSCredentials(
          accessKey: FakeRedshift.accessKey, secretKey: Secret(secretKey), sessionToken: sessionToken.map { Secret($0) }
        )
      }),
    transport: RetryingTransport(try LiveTransport(), clock: ImmediateClock()), clock: clock, now: { fake.now })
}
