import DriftCore
import TestSupport
import Testing
import Warehouses

/// Whatever is lost on the way, a step takes effect once.
@Suite struct RedshiftAtMostOnceTests {
  @Test(arguments: RedshiftWay.allCases) func eightProcessesAtOnceRunAStepOnce(way: RedshiftWay) async throws {
    let fake = try freshRedshift(counted: true)
    let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
      for _ in 0..<8 {
        group.addTask { try await redshift(fake, by: way, clock: ContinuousClock()).execute(redshiftInsert) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 != .alreadyDone } == [.done(row: nil)])
    #expect(redshiftCount(fake) == 1)
    #expect(try await redshift(fake).ledger().count == 1)
    #expect(redshiftClaims(fake).isEmpty, "what was claimed is cleared away")
  }

  @Test func aStatementAndItsLineAreOneTransaction() async throws {
    let fake = try freshRedshift(counted: true)
    _ = try await redshift(fake).execute(redshiftInsert)
    let together = fake.change { $0.statements.values.filter { $0.texts.contains(redshiftInsert.text) }.map(\.texts) }
    #expect(together.count == 1)
    #expect(together[0].count == 3)
    #expect(together[0][0].hasPrefix("DROP TABLE \"mooring\".\"claim_"))
    #expect(together[0][2].hasPrefix("INSERT INTO \"mooring\".\"ledger\""))
  }

  @Test(arguments: [ServiceFault.Kind.loseAnswer, .answerAfter(503), .answerAfter(500)])
  func anAnswerLostAfterTheStatementRanIsAskedForAgain(fault: ServiceFault.Kind) async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", fault)] }
    #expect(try await redshift(fake).execute(redshiftInsert) == .done(row: nil))
    #expect(redshiftCount(fake) == 1)
    #expect(fake.violations == [])
  }

  @Test(arguments: [0, 1])
  func theSameStepIsNotConfusedWithItsFormerFailure(failures: Int) async throws {
    let fake = try freshRedshift(counted: true)
    let refused = ServiceFault("INSERT INTO crm", .answer(400, body: #"{"__type": "ValidationException"}"#))
    fake.change { $0.faults = Array(repeating: refused, count: failures) }
    for _ in 0..<failures {
      await #expect(throws: ServiceError.self) { try await redshift(fake).execute(redshiftInsert) }
    }
    fake.change { $0.engine.now += 700_000_000 }
    #expect(try await redshift(fake).execute(redshiftInsert) == .done(row: nil))
    let tokens = fake.requests(of: "BatchExecuteStatement").map { String(decoding: $0.body, as: UTF8.self) }
    #expect(Set(tokens).count == tokens.count, "each try has a token of its own")
  }

  /// The service is lost from one request on, for longer than a request is repeated.
  @Test(arguments: 0..<32 as Range<Int>, [ServiceFault.Kind.loseRequest, .loseAnswer])
  func whereverTheServiceIsLostTheStepTakesEffectOnce(request: Int, loss: ServiceFault.Kind) async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = Array(repeating: ServiceFault("", loss, after: request), count: 4) }
    _ = try? await redshift(fake).execute(redshiftInsert)
    fake.change {
      $0.faults = []
      // Long enough for a claim without a statement to be taken over.
      $0.engine.now += 700_000_000
    }
    _ = try await redshift(fake).execute(redshiftInsert)
    #expect(try await redshift(fake).execute(redshiftInsert) == .alreadyDone)
    #expect(redshiftCount(fake) == 1)
    #expect(try await redshift(fake).ledger().map(\.state) == [.done])
    #expect(redshiftClaims(fake).isEmpty)
    #expect(fake.violations == [])
  }

  /// The first process is cut off while its transaction waits its turn, which comes at some point of the second one's way.
  @Test(.timeLimit(.minutes(5)), arguments: 0..<34 as Range<Int>)
  func wheneverAnAttemptThatIsTakenOverEndsTheStepTakesEffectOnce(request: Int) async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))] }
    let first = Task { try await redshift(fake, clock: ContinuousClock()).execute(redshiftInsert) }
    try await fake.taken.heard(redshiftInsert.text)
    fake.change { $0.faults = Array(repeating: ServiceFault("", .loseRequest), count: 100) }
    await #expect(throws: ServiceError.self) { try await first.value }
    fake.change { state in
      // Another identity, which does not see the first one's statements.
      for id in state.order { state.statements[id]?.name += "-of-another" }
      state.engine.now += 700_000_000
      state.faults = [ServiceFault("", .finishOthers, after: request)]
    }
    _ = try await redshift(fake).execute(redshiftInsert)
    fake.change { $0.faults = [ServiceFault("", .finishOthers)] }
    #expect(try await redshift(fake).execute(redshiftInsert) == .alreadyDone)
    #expect(redshiftCount(fake) == 1)
    #expect(try await redshift(fake).ledger().count == 1)
    #expect(redshiftClaims(fake).isEmpty)
  }

  @Test(.timeLimit(.minutes(5))) func aStatementThatStillRunsIsNotSentAgain() async throws {
    let fake = try freshRedshift(counted: true)
    fake.change {
      $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))]
      $0.pageSize = 1
    }
    let first = Task { try await redshift(fake, clock: ContinuousClock()).execute(redshiftInsert) }
    try await fake.taken.heard(redshiftInsert.text)
    fake.change { $0.engine.now += 700_000_000 }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).execute(redshiftInsert) }
    #expect(error?.kind == .underWay)
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    let sent = fake.change { $0.statements.values.filter { $0.texts.contains(redshiftInsert.text) }.map(\.status) }
    #expect(sent == ["ABORTED"])
    #expect(redshiftCount(fake) == 0)
  }

  @Test func aStatementThatTakesLongerThanAnHourIsCancelled() async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))] }
    let error = await #expect(throws: ServiceError.self) { try await redshift(fake).execute(redshiftInsert) }
    #expect(error?.kind == .timedOut)
    #expect(fake.requests(of: "CancelStatement").count == 1)
    #expect(redshiftCount(fake) == 0)
  }

  @Test(arguments: 0..<26 as Range<Int>)
  func aLengthChangesOnceThoughNoTransactionTakesIt(request: Int) async throws {
    let fake = try freshRedshift()
    try fake.administer("CREATE TABLE crm.account (name VARCHAR(40))")
    fake.change { $0.faults = Array(repeating: ServiceFault("", .loseAnswer, after: request), count: 4) }
    _ = try? await redshift(fake).execute(redshiftResize)
    fake.change {
      $0.faults = []
      $0.engine.now += 700_000_000
    }
    _ = try await redshift(fake).execute(redshiftResize)
    #expect(try await redshift(fake).execute(redshiftResize) == .alreadyDone)
    #expect(fake.change { $0.engine.tables[["crm", "account"]]?.columns.map(\.type) } == ["character varying(80)"])
    #expect(fake.change { $0.engine.effects } == ["crm.account"])
    #expect(try await redshift(fake).ledger().map(\.state) == [.done])
    #expect(redshiftClaims(fake).isEmpty)
  }

  @Test(
    arguments: ["COMMIT", " rollback", "Truncate crm.counted", "END;", "begin; INSERT INTO crm.counted VALUES (1)"],
    RedshiftWay.allCases)
  func aStatementThatEndsItsTransactionIsNotSent(text: String, way: RedshiftWay) async throws {
    let fake = try freshRedshift(counted: true)
    let error = await #expect(throws: ServiceError.self) {
      try await redshift(fake, by: way).execute(MergedStatement(text: text, entry: exampleEntry()))
    }
    #expect(error?.kind == .syntax)
    #expect(redshiftClaims(fake).isEmpty, "the claim is given back")
    #expect(!fake.requests.contains { String(decoding: $0.body, as: UTF8.self).contains("\"\(text)\"") })
  }

  @Test func aLineAddedByHandKeepsTheStatementFromRunning() async throws {
    let fake = try freshRedshift(counted: true)
    let warehouse = try redshift(fake)
    try await warehouse.record(redshiftInsert.entry)
    #expect(try await warehouse.execute(redshiftInsert) == .alreadyDone)
    #expect(try await warehouse.settle(redshiftInsert.entry) == false)
    #expect(redshiftCount(fake) == 0)
  }
}

let redshiftResize = MergedStatement(
  text: "ALTER TABLE \"crm\".\"account\" ALTER COLUMN \"name\" TYPE VARCHAR(80)", entry: exampleEntry())
