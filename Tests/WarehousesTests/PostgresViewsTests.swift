import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

@Suite struct PostgresViewsTests {
  private let name = TableName(schema: "analytics", name: "account")

  @Test func aViewIsToldWithWhoMayReadItAndWhatReadsIt() async throws {
    let (database, warehouse) = try await freshDatabase()
    try await database.makeRole("mooring_analyst")
    try await database.makeRole(#"mooring "lead""#)
    for statement in [
      "CREATE VIEW analytics.account AS SELECT id, seats FROM crm.account",
      #"CREATE VIEW analytics."b|c" AS SELECT id FROM analytics.account"#,
      "CREATE MATERIALIZED VIEW crm.a AS SELECT id FROM analytics.account WHERE seats > 1",
      "CREATE VIEW crm.indirect AS SELECT * FROM crm.a",
      "GRANT ALL ON analytics.account TO mooring_analyst", "GRANT SELECT ON analytics.account TO PUBLIC",
      #"GRANT SELECT ON analytics.account TO "mooring ""lead""" WITH GRANT OPTION"#,
      "GRANT INSERT ON analytics.account TO \"mooring \"\"lead\"\"\"",
    ] { _ = try await database.query(statement) }
    let found = try #require(try await warehouse.table(name)?.view)
    #expect(
      found.grants == [
        Grant([.select], to: .everyone), Grant([.insert], to: .named(.user, #"mooring "lead""#)),
        Grant([.select], to: .named(.user, #"mooring "lead""#), isGrantable: true),
        Grant([.select, .insert, .update, .delete, .trigger], to: .named(.user, "mooring_analyst")),
      ])
    #expect(
      found.dependants == [TableName(schema: "analytics", name: "b|c"), TableName(schema: "crm", name: "a")])
    #expect(!found.hasColumnGrants)
    _ = try await database.query("GRANT SELECT (id) ON analytics.account TO mooring_analyst")
    #expect(try await warehouse.table(name)?.view?.hasColumnGrants == true)
    #expect(try await warehouse.table(TableName(schema: "crm", name: "account"))?.view == nil)
    await database.close()
  }

  private func freshDatabase() async throws -> (PostgresConnection, PostgresWarehouse) {
    let address = try await PostgresServer.freshAddress()
    let database = try await PostgresConnection.connect(to: address)
    for statement in [
      "CREATE SCHEMA crm", "CREATE SCHEMA analytics", "CREATE TABLE crm.account (id text, seats bigint)",
    ] { _ = try await database.query(statement) }
    return (database, PostgresWarehouse(address: address))
  }
}
