import DriftCore
import TestSupport
import Testing
import Warehouses

/// Whatever is lost on the way, a step takes effect once.
@Suite struct DatabricksAtMostOnceTests {
  @Test func eightProcessesAtOnceRunAStepOnce() async throws {
    let fake = try freshDatabricks(counted: true)
    let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
      for _ in 0..<8 {
        group.addTask { try await databricks(fake, clock: ContinuousClock()).execute(databricksInsert) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 != .alreadyDone } == [.done(row: nil)])
    #expect(databricksCount(fake) == 1)
    #expect(try await databricks(fake).ledger().count == 1)
    #expect(databricksClaims(fake).isEmpty, "what was claimed is cleared away")
  }

  @Test(arguments: [ServiceFault.Kind.loseAnswer, .answerAfter(503), .answerAfter(504)], [false, true])
  func anAnswerLostAfterTheStatementRanIsLookedUp(fault: ServiceFault.Kind, forgetsTags: Bool) async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change {
      $0.faults = [ServiceFault("INSERT INTO crm", fault)]
      $0.forgetsTags = forgetsTags
      $0.pageSize = 2
    }
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    #expect(try await databricks(fake).execute(databricksInsert) == .alreadyDone)
    #expect(databricksCount(fake) == 1)
    #expect(fake.requests.contains { $0.path.hasSuffix("/history/queries") })
    #expect(fake.violations == [])
  }

  @Test func anotherStatementOfTheSameTextIsNotTakenForTheLostOne() async throws {
    let fake = try freshDatabricks(counted: true)
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .loseRequest)] }
    let again = MergedStatement(text: databricksInsert.text, entry: exampleEntry(change: 2))
    await #expect(throws: ServiceError.self) { try await databricks(fake).execute(again) }
    fake.change { $0.engine.now += 700_000_000 }
    #expect(try await databricks(fake).execute(again) == .done(row: nil))
    #expect(databricksCount(fake) == 2)
  }

  @Test func whereTagsAreNotKeptNothingIsConcludedFromAStatementBeforeTheClaim() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change { $0.forgetsTags = true }
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .loseRequest)] }
    let again = MergedStatement(text: databricksInsert.text, entry: exampleEntry(change: 2))
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(again) }
    #expect(error?.kind == .outcomeUnknown)
    #expect(error?.description.contains("drop mooring.claim_") == true)
    #expect(databricksCount(fake) == 1)
  }

  @Test func aHistoryThatDoesNotShowTheClaimShowsNoAbsence() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change {
      $0.faults = [ServiceFault("INSERT INTO crm", .loseAnswer)]
      $0.hidesHistory = true
    }
    await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    fake.change { $0.engine.now += 700_000_000 }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    #expect(error?.kind == .outcomeUnknown)
    #expect(error?.description.contains("drop mooring.claim_") == true)
    #expect(databricksCount(fake) == 1)
    fake.change { $0.hidesHistory = false }
    #expect(try await databricks(fake).execute(databricksInsert) == .alreadyDone)
    #expect(databricksCount(fake) == 1)
  }

  @Test func aRequestThatNeverArrivedIsTakenOverTenMinutesLater() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .loseRequest)] }
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    #expect(error?.kind == .outcomeUnknown)
    #expect(databricksCount(fake) == 0)
    await #expect(throws: ServiceError.self, "not yet: the other might only be slow") {
      try await databricks(fake).execute(databricksInsert)
    }
    fake.change { $0.engine.now += 700_000_000 }
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    #expect(databricksCount(fake) == 1)
    #expect(databricksClaims(fake).isEmpty)
  }

  @Test(arguments: 0..<14 as Range<Int>, everyLoss)
  func whereverTheConnectionIsLostTheStepTakesEffectOnce(request: Int, loss: ServiceFault.Kind) async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change { $0.faults = [ServiceFault("", loss, after: request)] }
    _ = try? await databricks(fake).execute(databricksInsert)
    fake.change {
      $0.faults = []
      // Long enough for a claim without a statement to be taken over.
      $0.engine.now += 700_000_000
    }
    _ = try await databricks(fake).execute(databricksInsert)
    #expect(try await databricks(fake).execute(databricksInsert) == .alreadyDone)
    #expect(databricksCount(fake) == 1)
    #expect(try await databricks(fake).ledger().map(\.state) == [.done])
    #expect(fake.violations == [])
  }

  @Test func aStepWhoseLineIsMissingIsSettledBeforeTheTargetIsLookedAt() async throws {
    let fake = try freshDatabricks()
    try fake.administer("CREATE TABLE crm.account (old STRING)")
    fake.change { $0.faults = [ServiceFault("INSERT INTO `analytics`", .answer(400))] }
    let rename = MergedStatement(
      text: "ALTER TABLE `crm`.`account` RENAME COLUMN `old` TO `new`", entry: exampleEntry(change: 7))
    let warehouse = try databricks(fake)
    #expect(try await warehouse.settle(rename.entry) == false)
    await #expect(throws: ServiceError.self) { try await warehouse.execute(rename) }
    #expect(try await warehouse.ledger().isEmpty)
    #expect(try await warehouse.settle(rename.entry))
    #expect(try await warehouse.ledger().map(\.step) == [rename.entry.step])
    #expect(try await warehouse.settle(rename.entry) == false)
  }

  @Test func aLineThatAnotherWriterOfTheLedgerGotInTheWayOfIsWrittenAgain() async throws {
    let fake = try freshDatabricks(counted: true)
    let conflict = """
      {"statement_id": "01ed", "status": {"state": "FAILED", "sql_state": "2D521", "error": {"error_code": "BAD_REQUEST", \
      "message": "[DELTA_CONCURRENT_APPEND] files were added by a concurrent update"}}}
      """
    fake.change {
      $0.faults = (0..<3).map { _ in ServiceFault("INSERT INTO `analytics`", .answer(200, body: conflict)) }
    }
    #expect(try await databricks(fake).execute(databricksInsert) == .done(row: nil))
    #expect(databricksCount(fake) == 1)
    #expect(try await databricks(fake).ledger().count == 1)
  }

  @Test(.timeLimit(.minutes(5))) func aStatementThatStillRunsIsNotSentAgain() async throws {
    let fake = try freshDatabricks(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1_000_000))] }
    let first = Task { try await databricks(fake, clock: ContinuousClock()).execute(databricksInsert) }
    try await fake.taken.heard(databricksInsert.text)
    let error = await #expect(throws: ServiceError.self) { try await databricks(fake).execute(databricksInsert) }
    #expect(error?.kind == .underWay)
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(fake.change { $0.statements.values.first { $0.text == databricksInsert.text }?.isCancelled } == true)
    #expect(fake.change { $0.statements.values.filter { $0.text == databricksInsert.text }.count } == 1)
  }
}
