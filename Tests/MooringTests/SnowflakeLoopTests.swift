import DriftCore
import Foundation
import TestSupport
import Testing

/// The whole loop with the real program on a warehouse that folds names to upper case, has no transaction around DDL and
/// takes keys on trust.
struct SnowflakeLoopTests {
  /// Also where the repository is of a time when every name of capitals had a marked folder: nothing is moved.
  @Test(arguments: ["salesforce.account", "salesforce.account-0c4d3609"])
  func anAddedColumnGoesFromTheSourceToTheTarget(folder: String) async throws {
    let fake = try landed()
    let world = try await world(on: fake, folder: folder)
    try await world.advance()
    land("TIER_C", ["gold", "silver"], in: fake)
    #expect(try world.run(["diff"]).status == 2)
    #expect(try world.mooring("run").contains("mooring/salesforce/green"))
    #expect(effects(of: fake).isEmpty, "nothing runs before the merge")
    try world.merge("mooring/salesforce/green")
    #expect(try world.mooring("run").contains("applied"))
    #expect(effects(of: fake) == ["ANALYTICS.ACCOUNT", "ANALYTICS.ACCOUNT"], "one ALTER, one MERGE")
    #expect(tiers(fake) == ["gold", "silver"])
    try world.git("-C", "checkout", "pull", "-q", "origin", "main")
    let tables = try FileManager.default.contentsOfDirectory(atPath: "\(world.folder)/checkout/contracts/salesforce")
    #expect(tables.filter { $0 != "connection.yaml" } == [folder])
    #expect(try world.run(["lint"]).status == 0)
    #expect(try world.run(["diff"]).status == 0)
    try world.mooring("run")
    #expect(effects(of: fake).count == 2, "once")
    #expect(fake.violations == [])
  }

  @Test func rowsThatShareAKeyAreNotFilledUntilTheyNoLongerDo() async throws {
    let fake = try landed()
    let world = try await world(on: fake)
    try await world.advance()
    land("TIER_C", ["gold", "silver"], in: fake)
    try world.mooring("run")
    try world.merge("mooring/salesforce/green")
    try fake.administer("INSERT INTO ANALYTICS.ACCOUNT (ID, NAME) VALUES ('1', 'Acme again')")
    let told = try world.run(["run"])
    #expect(told.output.contains("rows share a key of ANALYTICS.ACCOUNT (ID)"))
    #expect(effects(of: fake) == ["ANALYTICS.ACCOUNT"], "the column is there and nothing is filled")
    fake.change { _ = $0.engine.tables[["ANALYTICS", "ACCOUNT"]]?.rows.removeLast() }
    #expect(try world.mooring("run").contains("applied"))
    #expect(tiers(fake) == ["gold", "silver"])
  }
}

/// What Fivetran has landed, and a target that the team filled from it.
private func landed() throws -> FakeSnowflake {
  let fake = try FakeSnowflake()
  fake.change { state in
    // Tokens are of now.
    state.time = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    state.engine.schemas = ["SALESFORCE", "ANALYTICS"]
  }
  try fake.administer(
    """
    CREATE TABLE SALESFORCE.ACCOUNT (ID VARCHAR PRIMARY KEY, NAME VARCHAR, ANNUAL_REVENUE NUMBER(18,2), \
    NUMBER_OF_EMPLOYEES NUMBER(38,0), REP_C VARCHAR, REGION_C VARCHAR, IS_DELETED BOOLEAN, \
    CREATED_DATE TIMESTAMP_TZ, _FIVETRAN_DELETED BOOLEAN, _FIVETRAN_SYNCED TIMESTAMP_TZ)
    """)
  for id in ["1", "2"] { try fake.administer("INSERT INTO SALESFORCE.ACCOUNT (ID, NAME) VALUES ('\(id)', 'Acme')") }
  return fake
}

/// Fivetran adds a column and fills it.
private func land(_ name: String, _ values: [String], in fake: FakeSnowflake) {
  fake.change { state in
    var table = state.engine.tables[["SALESFORCE", "ACCOUNT"]]
    table?.columns.append(MemoryWarehouse.Column(name: name, type: "VARCHAR(16777216)", isNullable: true))
    for (row, value) in values.enumerated() { table?.rows[row].append(value) }
    state.engine.tables[["SALESFORCE", "ACCOUNT"]] = table
  }
}

private func world(on fake: FakeSnowflake, folder: String = "salesforce.account") async throws -> World {
  let world = try await World(
    scenario: "one-table",
    destination: """
      {kind: snowflake, group: projected_sickle, account: acme-prod, user: mooring, role: MOORING, warehouse: WH, \
      database: \(FakeSnowflake.database), private_key: "${SNOWFLAKE_KEY}", url: "\(fake.url)"}
      """)
  world.environment["SNOWFLAKE_KEY"] = fake.key.pem
  try world.mooring("init")
  try world.mooring("init", "salesforce", "--target", "table", "--tables", "salesforce.account")
  let target = try world.read("contracts/salesforce/salesforce.account/target.sql")
  try fake.administer(target.trimmingCharacters(in: .whitespacesAndNewlines.union([";"])))
  for id in ["1", "2"] { try fake.administer("INSERT INTO ANALYTICS.ACCOUNT (ID, NAME) VALUES ('\(id)', 'Acme')") }
  if folder != "salesforce.account" {
    let tables = "\(world.folder)/checkout/contracts/salesforce"
    try FileManager.default.moveItem(atPath: "\(tables)/salesforce.account", toPath: "\(tables)/\(folder)")
  }
  try world.commit("contracts as they are")
  try world.mooring("run")
  return world
}

/// Tables that were altered or merged into, in order, but for what is Mooring's own.
private func effects(of fake: FakeSnowflake) -> [String] {
  fake.change { $0.engine.effects.filter { $0.hasPrefix("ANALYTICS.") } }
}

private func tiers(_ fake: FakeSnowflake) -> [String?] {
  fake.change { state in
    let table = state.engine.tables[["ANALYTICS", "ACCOUNT"]]
    guard let column = table?.columns.firstIndex(where: { $0.name == "TIER_C" }) else { return [] }
    return table?.rows.map { $0[column] } ?? []
  }
}
