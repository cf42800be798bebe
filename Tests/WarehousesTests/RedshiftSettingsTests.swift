import DriftCore
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct RedshiftSettingsTests {
  @Test func everyRequestIsSignedAndTheSessionsTokenGoesWithIt() async throws {
    let fake = try freshRedshift()
    fake.change { $0.sessionToken = "IQoJ+session/token==" }
    #expect(try await redshift(fake, sessionToken: "IQoJ+session/token==").ledger().isEmpty)
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake, sessionToken: "old").ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("renew access_key") == true)
  }

  @Test func aKeyThatIsNotTheUsersIsSaidWithoutIt() async throws {
    let fake = try freshRedshift()
    fake.change { $0.sessionToken = "IQoJ+session/token==" }
    let error = await #expect(throws: ServiceError.self) {
      try await redshift(fake, secretKey: "hunter2", sessionToken: "IQoJ+session/token==").ledger()
    }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("reading the ledger in analytics/dev") == true)
    #expect(error?.description.contains("(InvalidSignatureException)") == true)
    #expect(error?.description.contains("hunter2") == false)
    #expect(error?.description.contains("IQoJ") == false, "the service says the session's token back")
  }

  @Test func aClockThatIsWrongIsRefused() async throws {
    let fake = try freshRedshift()
    let warehouse = try ServiceWarehouse.redshift(
      RedshiftSettings(
        region: FakeRedshift.region, target: .workgroup(FakeRedshift.workgroup), database: FakeRedshift.database,
        url: fake.url,
        credentials: {
          AWSCredentials(accessKey: FakeRedshift.accessKey, secretKey: Secret(FakeRedshift.secretKey))
        }),
      transport: try LiveTransport(), clock: ImmediateClock(), now: { fake.now.adding(seconds: 301) })
    let error = await #expect(throws: ServiceError.self) { try await warehouse.ledger() }
    #expect(error?.kind == .unauthorized)
  }

  @Test func keysAreAskedForBeforeEachRequest() async throws {
    let fake = try freshRedshift()
    let keys = Collected<Int>()
    let warehouse = try ServiceWarehouse.redshift(
      RedshiftSettings(
        region: FakeRedshift.region, target: .cluster("analytics-1", user: "mooring"), database: FakeRedshift.database,
        url: fake.url,
        credentials: {
          keys.append(1)
          return AWSCredentials(accessKey: FakeRedshift.accessKey, secretKey: Secret(FakeRedshift.secretKey))
        }),
      transport: try LiveTransport(), clock: ImmediateClock(), now: { fake.now })
    #expect(try await warehouse.ledger().isEmpty)
    #expect(keys.values.count == fake.requests.count)
    #expect(String(decoding: fake.requests[0].body, as: UTF8.self).contains(#""DbUser":"mooring""#))
    #expect(fake.violations == [])
  }

  @Test func aMissingRightIsNamedWithTheGrantThatGivesIt() async throws {
    let fake = try freshRedshift()
    fake.change { $0.forbidsSchemas = true }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).record(exampleEntry()) }
    #expect(error?.kind == .forbidden)
    #expect(error?.description.contains("GRANT CREATE ON DATABASE \"dev\"") == true)
  }

  @Test func aLedgerOfAnotherFormIsNotTouched() async throws {
    let fake = try freshRedshift()
    fake.change { $0.engine.schemas.insert("mooring") }
    try fake.administer("CREATE TABLE mooring.ledger (page INT)")
    let read = await #expect(throws: ServiceError.self) { try await redshift(fake).ledger() }
    #expect(read?.kind == .unreadable)
    await #expect(throws: ServiceError.self) { try await redshift(fake).record(exampleEntry()) }
    #expect(fake.change { $0.engine.tables[["mooring", "ledger"]]?.rows.count } == 0)
  }

  @Test(arguments: ["ThrottlingException", "ActiveStatementsExceededException"])
  func aRequestThatWasHeldBackIsSentAgain(name: String) async throws {
    let fake = try freshRedshift(counted: true)
    let busy = ServiceFault("INSERT INTO crm", .answer(400, body: "{\"__type\": \"\(name)\"}"))
    fake.change { $0.faults = [busy, busy] }
    #expect(try await redshift(fake).execute(redshiftInsert) == .done(row: nil))
    #expect(redshiftCount(fake) == 1)
  }

  @Test(
    arguments: [
      ("ValidationException", ServiceError.Kind.refused), ("com.amazonaws#AccessDeniedException:http://x", .forbidden),
      ("ResourceNotFoundException", .missing), ("DatabaseConnectionException", .unavailable),
      ("ThrottlingException", .rateLimited), ("ExpiredTokenException", .unauthorized),
    ] as [(String, ServiceError.Kind)])
  func anErrorOfTheServiceHasAName(name: String, kind: ServiceError.Kind) async throws {
    let fake = try freshRedshift()
    let refused = ServiceFault("", .answer(400, body: "{\"__type\": \"\(name)\", \"message\": \"no\"}"))
    fake.change { $0.faults = Array(repeating: refused, count: 40) }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).ledger() }
    #expect(error?.kind == kind)
    #expect(error?.description.contains("http://x") == false)
  }

  @Test(
    arguments: [
      ("eu-west-1.evil.example/", nil), ("", nil), ("EU", nil), ("eu-west-1", "http://redshift.example.com"),
      ("eu-west-1", "https://x.example.com/path"), ("eu-west-1", "file:///etc/passwd"),
    ] as [(String, String?)])
  func aRegionOrEndpointThatLeadsElsewhereIsRefused(region: String, url: String?) {
    let error = #expect(throws: ServiceError.self) {
      try ServiceWarehouse.redshift(
        RedshiftSettings(region: region, target: .workgroup("w"), database: "d", url: url) {
          AWSCredentials(accessKey: "a", secretKey: Secret("s"))
        },
        transport: ReplayTransport([]), now: { Timestamp(microseconds: 0) })
    }
    #expect(error?.kind == .settings)
  }

  @Test(
    arguments: [
      (nil, nil, nil, "neither"), ("w", "c", nil, "both"), ("w", nil, "u", "db_user"),
    ] as [(String?, String?, String?, String)])
  func aTargetThatIsNoneOrTwoIsRefused(workgroup: String?, cluster: String?, user: String?, message: String) {
    let error = #expect(throws: ServiceError.self) {
      try RedshiftSettings.target(workgroup: workgroup, cluster: cluster, user: user)
    }
    #expect(error?.description.contains(message) == true)
  }
}
