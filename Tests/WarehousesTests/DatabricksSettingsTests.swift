import DriftCore
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct DatabricksSettingsTests {
  @Test func aTokenIsMadeAnewBeforeItsEndAndOnceWhereItIsRefused() async throws {
    let fake = try freshDatabricks()
    let warehouse = try databricks(fake)
    _ = try await warehouse.ledger()
    fake.change { $0.time = $0.time.adding(seconds: 3_200) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 1)
    fake.change { $0.time = $0.time.adding(seconds: 200) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 2, "five minutes before its end")
    fake.change { $0.faults = [ServiceFault("SELECT", .refuseToken)] }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 3)
  }

  @Test func aPersonalAccessTokenIsSentAsItIs() async throws {
    let fake = try freshDatabricks()
    #expect(try await databricks(fake, clientID: nil, secret: FakeDatabricks.personalToken).ledger().isEmpty)
    #expect(!fake.requests.contains { $0.path == "/oidc/v1/token" })
    let error = await #expect(throws: ServiceError.self) {
      try await databricks(fake, clientID: nil, secret: "dapi-hunter2").ledger()
    }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func aSecretThatIsNotTheClientsIsSaidWithoutIt() async throws {
    let fake = try freshDatabricks()
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake, secret: "hunter2").ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("reading the ledger in dbc-1.cloud.databricks.com/analytics") == true)
    #expect(error?.description.contains("(invalid_client)") == true)
    #expect(error?.description.contains("hunter2") == false)
    #expect(error?.description.contains(FakeDatabricks.secret) == false, "nor what the server says of one")
  }

  @Test func aMissingRightIsNamedWithTheGrantThatGivesIt() async throws {
    let fake = try freshDatabricks()
    fake.change { $0.forbidsSchemas = true }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).record(exampleEntry()) }
    #expect(error?.kind == .forbidden)
    #expect(error?.description.contains("GRANT CREATE SCHEMA ON CATALOG `analytics`") == true)
  }

  @Test func aLedgerOfAnotherFormIsNotTouched() async throws {
    let fake = try freshDatabricks()
    fake.change { $0.engine.schemas.insert("mooring") }
    try fake.administer("CREATE TABLE mooring.ledger (page INT)")
    let read = await #expect(throws: ServiceError.self) { try await databricks(fake).ledger() }
    #expect(read?.kind == .unreadable)
    await #expect(throws: ServiceError.self) { try await databricks(fake).record(exampleEntry()) }
    #expect(fake.change { $0.engine.tables[["mooring", "ledger"]]?.rows.count } == 0)
  }

  @Test(arguments: [
    ("dbc.example.com/../x", "abc"), ("evil@dbc.example.com", "abc"), ("https://dbc.example.com", "abc"), ("", "abc"),
    ("localhost", "abc"), ("dbc.example.com", "abc&x=1"), ("dbc.example.com", ""),
  ])
  func aHostOrWarehouseThatLeadsElsewhereIsRefused(host: String, warehouse: String) {
    let error = #expect(throws: ServiceError.self) {
      try ServiceWarehouse.databricks(
        DatabricksSettings(host: host, warehouse: warehouse, catalog: "c", secret: Secret("s")),
        transport: ReplayTransport([]), now: { Timestamp(microseconds: 0) })
    }
    #expect(error?.kind == .settings)
  }
}
