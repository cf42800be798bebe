import DriftCore
import Synchronization
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct SnowflakeWarehouseTests {
  @Test func aSnowflakeDestinationKeepsThePromisesOfAWarehouse() async throws {
    let fake = try freshSnowflake()
    try await checkWarehouse(snowflake(fake, clock: ContinuousClock()), schema: "CRM", folded: { $0.uppercased() }) {
      try fake.administer($0)
    }
    #expect(fake.violations == [])
  }

  @Test func eightProcessesAtOnceRunAStepOnce() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
      for _ in 0..<8 { group.addTask { try await snowflake(fake, clock: ContinuousClock()).execute(insert) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 != .alreadyDone } == [.done(row: nil)])
    #expect(count(fake) == 1)
    #expect(try await snowflake(fake).ledger().count == 1)
    #expect(claims(fake).isEmpty, "what was claimed is cleared away")
  }

  @Test func typesAreSpelledAsDescribeTableSpellsThem() async throws {
    let fake = try freshSnowflake()
    try fake.administer(
      "CREATE TABLE CRM.T (A NUMBER(18, 2) NOT NULL, B VARCHAR(20), C VARCHAR, D TIMESTAMP_TZ, E FLOAT, F VARIANT)")
    let table = try await snowflake(fake).table(TableName(schema: "CRM", name: "T"))
    #expect(
      table?.columns.map(\.physicalType) == [
        "NUMBER(18,2)", "VARCHAR(20)", "VARCHAR(16777216)", "TIMESTAMP_TZ(9)", "FLOAT", "VARIANT",
      ])
    #expect(table?.columns.map(\.isNullable) == [false] + Array(repeating: true, count: 5))
    #expect(table?.rowEstimate == 0)
    let types = table?.columns.map { Dialect.snowflake.parseType($0.physicalType) }
    #expect(types?.contains { if case .unrecognized = $0 { true } else { false } } == false)
  }

  @Test func aCatalogueComesInPartitionsAndWhole() async throws {
    let fake = try freshSnowflake()
    for number in 1...50 {
      try fake.administer("CREATE TABLE CRM.T\(number) (ID INTEGER PRIMARY KEY, A VARCHAR, B VARCHAR)")
    }
    fake.change { $0.partitionSize = 7 }
    let tables = try await streamedCatalogue(of: "CRM", from: snowflake(fake)) { fake.requests.count }
    #expect(tables.count == 50)
    #expect(tables == tables.sorted { $0.name < $1.name })
    #expect(tables.allSatisfy { $0.columns.count == 3 && $0.uniqueKeys == [["ID"]] })
    #expect(fake.requests.filter { $0.target.contains("partition=") }.count > 20)
    #expect(fake.violations == [])
  }

  @Test func halfACatalogueIsNoCatalogue() async throws {
    let fake = try freshSnowflake()
    for name in ["A", "B"] { try fake.administer("CREATE TABLE CRM.\(name) (ID INTEGER)") }
    fake.change { $0.faults = [ServiceFault("information_schema.columns", .halve)] }
    let error = await #expect(throws: ServiceError.self) { _ = try await catalogue(of: ["CRM"], fake) }
    #expect(error?.kind == .incomplete)
    #expect(error?.description.contains("1 of 2 rows") == true)
  }

  @Test(arguments: [ServiceFault.Kind.loseAnswer, .answerAfter(503), .answerAfter(504)])
  func anAnswerLostAfterTheStatementRanIsLookedUp(fault: ServiceFault.Kind) async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO CRM", fault)] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    #expect(try await snowflake(fake).execute(insert) == .done(row: nil))
    #expect(try await snowflake(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
  }

  @Test func aRequestThatNeverArrivedIsTakenOverTenMinutesLater() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO CRM", .loseRequest)] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    let error = await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
    #expect(error?.kind == .outcomeUnknown)
    #expect(error?.description.contains("warehouse/salesforce/crm.account/1/1") == true)
    #expect(count(fake) == 0)
    await #expect(throws: ServiceError.self, "not yet: the other might only be slow") {
      try await snowflake(fake).execute(insert)
    }
    fake.change { $0.engine.now += 700_000_000 }
    #expect(try await snowflake(fake).execute(insert) == .done(row: nil))
    #expect(count(fake) == 1)
    #expect(claims(fake).isEmpty)
  }

  /// The history is that of one user: another one, after the setting was changed, sees neither claim nor statement.
  @Test func aHistoryThatDoesNotShowTheClaimIsNoEvidenceThatTheStatementNeverRan() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO \"ANALYTICS_DB\".\"MOORING\".\"LEDGER\"", .answer(400))] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
    fake.change {
      $0.order = []
      $0.engine.now += 700_000_000
    }
    let error = await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
    #expect(error?.kind == .outcomeUnknown)
    #expect(count(fake) == 1)
  }

  @Test func aProcessThatDiedBeforeTheLineWasWrittenIsFollowedByOneThatWritesIt() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO \"ANALYTICS_DB\".\"MOORING\".\"LEDGER\"", .answer(400))] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
    #expect(count(fake) == 1)
    #expect(try await snowflake(fake).ledger().isEmpty)
    #expect(try await snowflake(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
    #expect(try await snowflake(fake).ledger().count == 1)
  }

  @Test(.timeLimit(.minutes(5))) func aStatementThatStillRunsIsNotSentAgain() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO CRM", .stayAtIt(1_000_000))] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    let first = Task { try await snowflake(fake, clock: ContinuousClock()).execute(insert) }
    try await fake.taken.heard(insert.text)
    let error = await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
    #expect(error?.kind == .underWay)
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(fake.change { $0.statements.values.first { $0.text == insert.text }?.isCancelled } == true)
    #expect(fake.change { $0.statements.values.filter { $0.text == insert.text }.count } == 1)
  }

  @Test(arguments: 0..<36 as Range<Int>, everyLoss)
  func whereverTheConnectionIsLostTheStepTakesEffectOnce(request: Int, loss: ServiceFault.Kind) async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change { $0.faults = [ServiceFault("", loss, after: request)] }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    _ = try? await snowflake(fake).execute(insert)
    fake.change {
      $0.faults = []
      // Long enough for a claim without a statement to be taken over.
      $0.engine.now += 700_000_000
    }
    _ = try await snowflake(fake).execute(insert)
    #expect(try await snowflake(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
    #expect(try await snowflake(fake).ledger().map(\.state) == [.done])
    try await expectAuditOfOneStep(in: snowflake(fake))
    #expect(fake.violations == [])
  }

  @Test func aStepWhoseLineIsMissingIsSettledBeforeTheTargetIsLookedAt() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.ACCOUNT (OLD VARCHAR)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO \"ANALYTICS_DB\".\"MOORING\".\"LEDGER\"", .answer(400))] }
    let rename = MergedStatement(
      text: "ALTER TABLE CRM.ACCOUNT RENAME COLUMN OLD TO NEW", entry: exampleEntry(change: 7))
    let warehouse = try snowflake(fake)
    #expect(try await warehouse.settle(rename.entry) == false)
    await #expect(throws: ServiceError.self) { try await warehouse.execute(rename) }
    #expect(try await warehouse.ledger().isEmpty)
    #expect(try await warehouse.settle(rename.entry))
    #expect(try await warehouse.ledger().map(\.step) == [rename.entry.step])
    #expect(try await warehouse.settle(rename.entry) == false)
  }

  @Test func aLongStatementIsWaitedFor() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change {
      $0.faults = [ServiceFault("INSERT INTO CRM", .stayAtIt(5)), ServiceFault("query_history", .stayAtIt(2))]
    }
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    #expect(try await snowflake(fake).execute(insert) == .done(row: nil))
    #expect(fake.requests.filter { $0.method == "GET" }.count == 6)
    #expect(fake.violations == [])
  }

  @Test func whatTheServiceRefusedMayBeTriedAgain() async throws {
    let fake = try freshSnowflake()
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    for _ in 0..<3 {
      let error = await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(insert) }
      #expect(error?.kind == .missing)
    }
    #expect(try await snowflake(fake).ledger().isEmpty)
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    #expect(try await snowflake(fake).execute(insert) == .done(row: nil))
    #expect(claims(fake).isEmpty)
  }

  @Test func aLimitIsWaitedForAndThenTheStatementRunsOnce() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    fake.change {
      $0.faults = (0..<3).map { _ in ServiceFault("INSERT INTO CRM", .answer(429, headers: ["Retry-After: 3"])) }
    }
    let clock = ImmediateClock()
    let insert = MergedStatement(text: "INSERT INTO CRM.COUNTED VALUES (1)", entry: exampleEntry())
    #expect(try await snowflake(fake, clock: clock).execute(insert) == .done(row: nil))
    #expect(clock.sleeps.filter { $0 == .seconds(3) }.count == 3)
    #expect(count(fake) == 1)
  }

  @Test func twoStatementsInOneAreRefusedByTheServer() async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.COUNTED (N INTEGER)")
    let both = MergedStatement(
      text: "INSERT INTO CRM.COUNTED VALUES (1); INSERT INTO CRM.COUNTED VALUES (2)", entry: exampleEntry())
    await #expect(throws: ServiceError.self) { try await snowflake(fake).execute(both) }
    #expect(count(fake) == 0)
    let parameters = fake.requests.map { String(decoding: $0.body, as: UTF8.self) }.filter { !$0.isEmpty }
    #expect(parameters.allSatisfy { $0.contains(#""multi_statement_count":"1""#) })
  }

  @Test(
    arguments: [
      ("ALTER TABLE CRM.ACCOUNT ADD COLUMN NAME VARCHAR", ServiceError.Kind.exists),
      ("ALTER TABLE CRM.ACCOUNT DROP COLUMN NOWHERE", .missing),
      ("ALTER TABLE CRM.ACCOUNT ALTER COLUMN NAME SET DATA TYPE VARCHAR(10)", .typeChange),
      ("ALTER TABLE CRM.ACCOUNT ALTER COLUMN AMOUNT SET DATA TYPE NUMBER(20, 4)", .typeChange),
      ("ALTER TABLE CRM.ACCOUNT ADD COLUMN REQUIRED VARCHAR NOT NULL", .notEmpty),
      ("ALTER TABLE CRM.ABSENT DROP COLUMN NAME", .missing),
      ("ALTER TABLE CRM.ACCOUNT EXPLODE", .syntax),
    ] as [(String, ServiceError.Kind)])
  func whatSnowflakeRefusesHasAName(statement: String, kind: ServiceError.Kind) async throws {
    let fake = try freshSnowflake()
    try fake.administer("CREATE TABLE CRM.ACCOUNT (NAME VARCHAR(20), AMOUNT NUMBER(10, 2))")
    try fake.administer("INSERT INTO CRM.ACCOUNT VALUES ('a', 1)")
    let error = await #expect(throws: ServiceError.self) {
      try await snowflake(fake).execute(MergedStatement(text: statement, entry: exampleEntry()))
    }
    #expect(error?.kind == kind, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("hint: ") == true)
  }

  @Test func aTokenIsMadeAnewBeforeItsEndAndOnceWhereItIsRefused() async throws {
    let fake = try freshSnowflake()
    let warehouse = try snowflake(fake)
    _ = try await warehouse.ledger()
    fake.change { $0.time = $0.time.adding(seconds: 3_000) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 1)
    fake.change { $0.time = $0.time.adding(seconds: 300) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 2, "five minutes before its end")
    fake.change {
      $0.time = $0.time.adding(seconds: 1)
      $0.faults = [ServiceFault("SELECT", .refuseToken)]
    }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 3)
  }

  @Test func aKeyThatIsNotTheUsersIsSaidWithoutIt() async throws {
    let fake = try freshSnowflake()
    let other = RSAKey()
    let error = await #expect(throws: ServiceError.self) { try await snowflake(fake, key: other.pem).ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("reading the ledger in acme-prod/ANALYTICS_DB") == true)
    let unreadable = #expect(throws: ServiceError.self) { try snowflake(fake, key: "hunter2") }
    #expect(unreadable?.description.contains("hunter2") == false)
  }

  @Test func aServerThatSaysTheTokenBackIsNotQuoted() async throws {
    let said = Mutex("")
    let server = try LoopbackServer(answering: { request in
      let token = request.header("authorization") ?? ""
      said.withLock { $0 = token }
      return .answer(400, body: #"{"code": "390400", "message": "what is \#(token)?"}"#)
    })
    defer { server.stop() }
    let warehouse = try ServiceWarehouse.snowflake(
      SnowflakeSettings(account: "a", user: "u", key: Secret(sharedKey.pem), database: "D", url: server.url),
      transport: LiveTransport(), now: { Timestamp(microseconds: 0) })
    let error = await #expect(throws: ServiceError.self) { try await warehouse.ledger() }
    let token = String(said.withLock { $0 }.dropFirst("Bearer ".count))
    #expect(token.count > 100)
    #expect(error?.description.contains("what is Bearer <redacted>?") == true)
    #expect(error?.description.contains(token) == false)
  }

  @Test func anEncryptedKeyIsReadWithItsPassphrase() async throws {
    let fake = try freshSnowflake()
    let pem = fake.key.encryptedPEM(passphrase: "open")
    #expect(try await snowflake(fake, key: pem, passphrase: "open").ledger().isEmpty)
    #expect(throws: ServiceError.self) { try snowflake(fake, key: pem) }
    #expect(throws: ServiceError.self) { try snowflake(fake, key: pem, passphrase: "shut") }
  }

  @Test func aMissingRightIsNamedWithTheGrantThatGivesIt() async throws {
    let fake = try freshSnowflake()
    fake.change { $0.forbidsSchemas = true }
    let error = await #expect(throws: ServiceError.self) { try await snowflake(fake).record(exampleEntry()) }
    #expect(error?.kind == .forbidden)
    #expect(error?.description.contains("GRANT CREATE SCHEMA ON DATABASE \"ANALYTICS_DB\"") == true)
  }

  @Test func aLedgerOfAnotherFormIsNotTouched() async throws {
    let fake = try freshSnowflake()
    fake.change { $0.engine.schemas.insert("MOORING") }
    try fake.administer("CREATE TABLE MOORING.LEDGER (PAGE INTEGER)")
    let read = await #expect(throws: ServiceError.self) { try await snowflake(fake).ledger() }
    #expect(read?.kind == .unreadable)
    await #expect(throws: ServiceError.self) { try await snowflake(fake).record(exampleEntry()) }
    #expect(fake.change { $0.engine.tables[["MOORING", "LEDGER"]]?.rows.count } == 0)
  }

  @Test func whatTwoProcessesWroteAtOnceIsReadOnce() async throws {
    let fake = try freshSnowflake()
    try await snowflake(fake).record(exampleEntry())
    fake.change { state in
      let row = state.engine.tables[["MOORING", "LEDGER"]]?.rows.first ?? []
      state.engine.tables[["MOORING", "LEDGER"]]?.rows.append(row)
    }
    #expect(try await snowflake(fake).ledger().count == 1)
  }

  @Test(arguments: ["acme/../evil", "acme.evil.example#", "acme@evil", "", "acme evil"])
  func anAccountThatLeadsElsewhereIsRefused(account: String) throws {
    let error = #expect(throws: ServiceError.self) {
      try ServiceWarehouse.snowflake(
        SnowflakeSettings(account: account, user: "u", key: Secret(RSAKey().pem), database: "D"),
        transport: ReplayTransport([]), now: { Timestamp(microseconds: 0) })
    }
    #expect(error?.kind == .settings)
  }
}

/// What a network does; the last is what a process that ends there leaves behind.
let everyLoss: [ServiceFault.Kind] = [.loseRequest, .loseAnswer, .answer(400)]

func freshSnowflake() throws -> FakeSnowflake {
  let fake = try FakeSnowflake(key: sharedKey)
  fake.change { $0.engine.schemas = ["CRM"] }
  return fake
}

/// Making one takes a while.
private let sharedKey = RSAKey()

func snowflake(
  _ fake: FakeSnowflake, key: String? = nil, passphrase: String? = nil,
  clock: any Clock<Duration> = ImmediateClock()
) throws -> ServiceWarehouse {
  try ServiceWarehouse.snowflake(
    SnowflakeSettings(
      account: "acme-prod", user: "mooring", key: Secret(key ?? fake.key.pem),
      passphrase: passphrase.map { Secret($0) },
      role: "MOORING_ROLE", warehouse: "WH", database: FakeSnowflake.database, url: fake.url),
    transport: RetryingTransport(try LiveTransport(), clock: ImmediateClock()), clock: clock, now: { fake.now })
}

private func catalogue(of schemas: [String], _ fake: FakeSnowflake) async throws -> [CatalogueTable] {
  let found = Collected<CatalogueTable>()
  try await snowflake(fake).catalogue(of: schemas) { found.append($0) }
  return found.values
}

private func count(_ fake: FakeSnowflake) -> Int? { fake.change { $0.engine.tables[["CRM", "COUNTED"]]?.rows.count } }

private func claims(_ fake: FakeSnowflake) -> [String] {
  fake.change { $0.engine.tables.keys.filter { $0[0] == "MOORING" && $0[1].hasPrefix("CLAIM_") }.map { $0[1] } }
}
