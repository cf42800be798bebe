import DriftCore
import TestSupport
import Testing
import Transport
import Warehouses

@Suite struct BigQueryWarehouseTests {
  @Test func aBigQueryDestinationKeepsThePromisesOfAWarehouse() async throws {
    let fake = try freshBigQuery()
    try await checkWarehouse(bigQuery(fake, clock: ContinuousClock()), schema: "crm") { try fake.administer($0) }
    #expect(fake.violations == [])
  }

  @Test func eightProcessesAtOnceRunAStepOnce() async throws {
    let fake = try freshBigQuery(counted: true)
    let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
      for _ in 0..<8 { group.addTask { try await bigQuery(fake, clock: ContinuousClock()).execute(insert) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 != .alreadyDone } == [.done(row: nil)])
    #expect(count(fake) == 1)
    #expect(try await bigQuery(fake).ledger().count == 1)
  }

  @Test func typesAreThoseOfTheInformationSchemaWhereverTheyAreRead() async throws {
    let fake = try freshBigQuery()
    try fake.administer(
      "CREATE TABLE crm.t (id INT64 PRIMARY KEY, a NUMERIC(10, 2), b STRING(20), c STRING, d FLOAT64, e BOOL, f JSON)")
    let one = try await bigQuery(fake).table(TableName(schema: "crm", name: "t"))
    #expect(
      one?.columns.map(\.physicalType) == [
        "INT64", "NUMERIC(10, 2)", "STRING(20)", "STRING", "FLOAT64", "BOOL", "JSON",
      ])
    #expect(one?.rowEstimate == 0)
    #expect(try await catalogue(of: ["crm"], fake) == [one].compactMap(\.self))
    let types = one?.columns.map { Dialect.bigQuery.parseType($0.physicalType) }
    #expect(types?.contains { if case .unrecognized = $0 { true } else { false } } == false)
  }

  @Test func aCatalogueComesInPagesAndWhole() async throws {
    let fake = try freshBigQuery()
    for number in 1...50 {
      try fake.administer("CREATE TABLE crm.t\(number) (id INT64 PRIMARY KEY, a STRING, b STRING)")
    }
    fake.change { $0.pageSize = 7 }
    let tables = try await streamedCatalogue(of: "crm", from: bigQuery(fake)) { fake.requests.count }
    #expect(tables.count == 50)
    #expect(tables == tables.sorted { $0.name < $1.name })
    #expect(tables.allSatisfy { $0.columns.count == 3 && $0.uniqueKeys == [["id"]] })
    #expect(fake.requests.filter { $0.target.contains("pageToken=") }.count > 20)
    #expect(fake.violations == [])
  }

  @Test func aPseudoColumnOfAPartitionedTableIsNoColumn() async throws {
    let fake = try freshBigQuery()
    try fake.administer("CREATE TABLE crm.t (id INT64)")
    fake.change { $0.engine.tables[["crm", "t"]]?.isPartitioned = true }
    #expect(try await catalogue(of: ["crm"], fake).map { $0.columns.map(\.name) } == [["id"]])
  }

  @Test func halfACatalogueIsNoCatalogue() async throws {
    let fake = try freshBigQuery()
    for name in ["a", "b"] { try fake.administer("CREATE TABLE crm.\(name) (id INT64)") }
    fake.change { $0.faults = [ServiceFault("INFORMATION_SCHEMA.COLUMNS", .halve)] }
    let error = await #expect(throws: ServiceError.self) { _ = try await catalogue(of: ["crm"], fake) }
    #expect(error?.kind == .incomplete)
  }

  @Test(arguments: [ServiceFault.Kind.loseAnswer, .answerAfter(503), .loseRequest, .answer(503)])
  func aJobWhoseAnswerIsLostIsLookedUpByItsID(fault: ServiceFault.Kind) async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", fault)] }
    #expect(try await bigQuery(fake).execute(insert) == .done(row: nil))
    #expect(try await bigQuery(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
  }

  @Test func aProcessThatDiedBeforeTheLineWasWrittenIsFollowedByOneThatWritesIt() async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO `acme-prod`.`mooring`.`ledger`", .answer(400))] }
    await #expect(throws: ServiceError.self) { try await bigQuery(fake).execute(insert) }
    #expect(count(fake) == 1)
    #expect(try await bigQuery(fake).ledger().isEmpty)
    #expect(try await bigQuery(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
    #expect(try await bigQuery(fake).ledger().count == 1)
  }

  @Test(.timeLimit(.minutes(5))) func aJobThatStillRunsIsNotBegunAgain() async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))] }
    let first = Task { try await bigQuery(fake, clock: ContinuousClock()).execute(insert) }
    try await fake.taken.heard(insert.text)
    let error = await #expect(throws: ServiceError.self) { try await bigQuery(fake).execute(insert) }
    #expect(error?.kind == .underWay)
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(fake.change { $0.jobs.values.filter { $0.text == insert.text }.map(\.isCancelled) } == [true])
  }

  @Test(arguments: 0..<36 as Range<Int>, everyLoss)
  func whereverTheConnectionIsLostTheStepTakesEffectOnce(request: Int, loss: ServiceFault.Kind) async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change { $0.faults = [ServiceFault("", loss, after: request)] }
    _ = try? await bigQuery(fake).execute(insert)
    fake.change { $0.faults = [] }
    _ = try await bigQuery(fake).execute(insert)
    #expect(try await bigQuery(fake).execute(insert) == .alreadyDone)
    #expect(count(fake) == 1)
    #expect(try await bigQuery(fake).ledger().map(\.state) == [.done])
    try await expectAuditOfOneStep(in: bigQuery(fake))
    #expect(fake.violations == [])
  }

  @Test func aLongJobIsWaitedFor() async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change {
      $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(5)), ServiceFault("SELECT 1 FROM", .stayAtIt(2))]
    }
    #expect(try await bigQuery(fake).execute(insert) == .done(row: nil))
    #expect(fake.violations == [])
  }

  @Test func aFailedJobsIDIsNotUsedAgainHoweverManyFailed() async throws {
    let fake = try freshBigQuery(counted: true)
    fake.change { state in state.failsJobs = true }
    for _ in 0..<9 { await #expect(throws: ServiceError.self) { try await bigQuery(fake).execute(insert) } }
    let ids = fake.change { $0.jobs.filter { $0.value.text == insert.text }.map(\.key) }
    #expect(Set(ids.compactMap { $0.split(separator: "_").last.flatMap { Int($0) } }) == Set(1...9))
    #expect(count(fake) == 0)
    fake.change { state in state.failsJobs = false }
    #expect(try await bigQuery(fake).execute(insert) == .done(row: nil))
    #expect(count(fake) == 1)
  }

  @Test func aListOfStatementsIsRefusedBeforeAnythingRuns() async throws {
    let fake = try freshBigQuery(counted: true)
    let both = MergedStatement(text: "\(insert.text); \(insert.text)", entry: exampleEntry())
    let error = await #expect(throws: ServiceError.self) { try await bigQuery(fake).execute(both) }
    #expect(error?.kind == .syntax)
    #expect(count(fake) == 0)
  }

  @Test(
    arguments: [
      ("ALTER TABLE crm.account ADD COLUMN name STRING", ServiceError.Kind.exists),
      ("ALTER TABLE crm.account ALTER COLUMN name SET DATA TYPE STRING(10)", .typeChange),
      ("ALTER TABLE crm.account ALTER COLUMN amount SET DATA TYPE STRING", .typeChange),
      ("ALTER TABLE crm.absent DROP COLUMN name", .missing),
    ] as [(String, ServiceError.Kind)])
  func whatBigQueryRefusesHasAName(statement: String, kind: ServiceError.Kind) async throws {
    let fake = try freshBigQuery()
    try fake.administer("CREATE TABLE crm.account (name STRING(20), amount INT64)")
    let error = await #expect(throws: ServiceError.self) {
      try await bigQuery(fake).execute(MergedStatement(text: statement, entry: exampleEntry()))
    }
    #expect(error?.kind == kind, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("applying warehouse/salesforce/crm.account/1/1 in acme-prod (EU)") == true)
    #expect(error?.description.contains("hint: ") == true)
  }

  @Test func aTokenIsExchangedAnewBeforeItsEndAndOnceWhereItIsRefused() async throws {
    let fake = try freshBigQuery()
    let warehouse = try bigQuery(fake)
    _ = try await warehouse.ledger()
    fake.change { $0.time = $0.time.adding(seconds: 3_000) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 1)
    fake.change { $0.time = $0.time.adding(seconds: 350) }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 2)
    fake.change { $0.tokens = $0.tokens.mapValues { _ in 0 } }
    _ = try await warehouse.ledger()
    #expect(fake.change { $0.tokens.count } == 3)
  }

  @Test func credentialsThatAreNotTheAccountsAreSaidWithoutThem() async throws {
    let fake = try freshBigQuery()
    let other = fake.credentials(key: RSAKey().pem)
    let error = await #expect(throws: ServiceError.self) { try await bigQuery(fake, credentials: other).ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.code == "invalid_grant")
    for text in [
      "hunter2", "{}", fake.credentials(key: "hunter2"), fake.credentials().replacing("http:", with: "ftp:"),
    ] {
      let unreadable = #expect(throws: ServiceError.self) { try bigQuery(fake, credentials: text) }
      #expect(unreadable?.kind == .settings)
      #expect(unreadable?.description.contains("hunter2") == false)
    }
  }

  @Test func aMissingRightIsNamedWithTheGrantThatGivesIt() async throws {
    let fake = try freshBigQuery()
    fake.change { $0.forbidsDatasets = true }
    let error = await #expect(throws: ServiceError.self) { try await bigQuery(fake).record(exampleEntry()) }
    #expect(error?.kind == .forbidden)
    #expect(error?.description.contains("bigquery.datasets.create") == true)
  }

  @Test func aLedgerOfAnotherFormIsNotTouched() async throws {
    let fake = try freshBigQuery()
    fake.change { $0.engine.schemas.insert("mooring") }
    try fake.administer("CREATE TABLE mooring.ledger (page INT64)")
    await #expect(throws: ServiceError.self) { try await bigQuery(fake).record(exampleEntry()) }
    #expect(fake.change { $0.engine.tables[["mooring", "ledger"]]?.rows.count } == 0)
  }

  @Test(arguments: [("a/../b", "EU"), ("", "EU"), ("acme-prod", "EU?x"), ("example.com:p", "EU")])
  func aProjectThatLeadsElsewhereIsRefused(project: String, location: String) throws {
    let fake = try freshBigQuery()
    let error = #expect(throws: ServiceError.self) {
      try ServiceWarehouse.bigQuery(
        BigQuerySettings(project: project, location: location, credentials: Secret(fake.credentials())),
        transport: ReplayTransport([]), now: { fake.now })
    }
    #expect(error?.kind == .settings)
  }
}

private let insert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())

func freshBigQuery(counted: Bool = false) throws -> FakeBigQuery {
  let fake = try FakeBigQuery(key: sharedKey)
  fake.change { $0.engine.schemas = ["crm"] }
  if counted { try fake.administer("CREATE TABLE crm.counted (n INT64)") }
  return fake
}

/// Making one takes a while.
private let sharedKey = RSAKey()

func bigQuery(
  _ fake: FakeBigQuery, credentials: String? = nil, clock: any Clock<Duration> = ImmediateClock()
) throws -> ServiceWarehouse {
  try ServiceWarehouse.bigQuery(
    BigQuerySettings(
      project: FakeBigQuery.project, location: "EU", credentials: Secret(credentials ?? fake.credentials()),
      url: fake.url),
    transport: RetryingTransport(try LiveTransport(), clock: ImmediateClock()), clock: clock, now: { fake.now })
}

private func catalogue(of schemas: [String], _ fake: FakeBigQuery) async throws -> [CatalogueTable] {
  let found = Collected<CatalogueTable>()
  try await bigQuery(fake).catalogue(of: schemas) { found.append($0) }
  return found.values
}

private func count(_ fake: FakeBigQuery) -> Int? { fake.change { $0.engine.tables[["crm", "counted"]]?.rows.count } }
