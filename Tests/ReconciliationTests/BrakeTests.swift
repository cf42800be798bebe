import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What stops applying, and what lets it go on.
struct BrakeTests {
  private let outside = Outside(seed: 1)

  @Test func threeFailuresInARowStopTheDestinationAndASuccessLetsItGo() async throws {
    try await mergeTwo()
    await outside.refuseStatements(true)
    // Two changes a run: the third failure is in the second run, and the fourth change is not tried.
    #expect(try await run().map(\.isFailure) == [true, true])
    #expect(try await run(minute: 1).map(\.isFailure) == [true, false])
    let writes = await outside.writes
    let third = try await run(minute: 2)
    #expect(third.allSatisfy { $0.outcome.reason?.contains("3 steps in a row did not succeed") == true })
    #expect(await outside.writes == writes, "while it is open nothing is even begun")
    // Half open: one step is tried, and fails.
    #expect(try await run(minute: 7).map(\.isFailure) == [true, false])
    #expect(try await run(minute: 13).map(\.isFailure) == [false, false], "the second pause is longer")
    await outside.refuseStatements(false)
    #expect(try await run(minute: 20).map(\.outcome) == [.applied, .applied])
    #expect(try await report(minute: 20).brakes == [])
  }

  @Test func oneOutcomeThatIsNotKnownStopsTheDestinationUntilAPersonSaysSo() async throws {
    try await mergeTwo()
    await outside.refuseStatements(true, isOutcomeUnknown: true)
    #expect(try await run().map(\.isFailure) == [true, false])
    await outside.refuseStatements(false)
    #expect(try await run(minute: 1).map(\.isFailure) == [false, false])
    #expect(try await report(minute: 1).brakes.map(\.kind) == [.breaker])
    let answer = try await reconciler(minute: 2).resume(.destination("w"), by: "ada")
    #expect(answer.isNew && answer.brakes.isEmpty)
    #expect(try await run(minute: 2).map(\.outcome) == [.applied, .applied])
    #expect(await outside.warehouse.ledger.contains { $0.kind == "resume" && $0.detail.contains("ada") })
    await outside.expectWholeAudit()
    #expect(await outside.broken == [])
  }

  /// The bad one is tried after the others, and does not keep the destination stopped for all.
  @Test func oneBadChangeDoesNotKeepTheDestinationStopped() async throws {
    try await mergeTwo()
    await outside.refuseStatements(true, about: "account")
    let hold = HoldScope.table(contact, of: "crm")
    _ = try await reconciler().hold(hold, by: "ada", because: nil, until: nil)
    for minute in 0..<3 { #expect(try await run(minute: Int64(minute)).map(\.isFailure) == [true, false]) }
    _ = try await reconciler(minute: 3).resume(hold, by: "ada")
    #expect(try await report(minute: 3).applied.allSatisfy { $0.outcome.reason?.contains("in a row") == true })
    let outcomes = try await report(minute: 8).applied
    #expect(outcomes.map(\.table.name) == ["contact", "account"])
    #expect(outcomes.first?.outcome == .applied)
    #expect(try await report(minute: 8).brakes == [])
  }

  @Test func aHoldIsSeenByEveryInstanceAndEndsWithResume() async throws {
    try await mergeTwo()
    let scope = HoldScope.table(account, of: "crm")
    let held = try await reconciler().hold(scope, by: "ada", because: "quarter end", until: nil)
    #expect(held.isNew && held.brakes.count == 1)
    let writes = await outside.writes
    #expect(try await !reconciler().hold(scope, by: "ada", because: "quarter end", until: nil).isNew)
    #expect(await outside.writes == writes, "said again, it is not written again")
    let outcomes = try await reconciler(instance: 1).run().applied.map(\.outcome)
    #expect(outcomes.first?.reason?.contains("quarter end; lift it with: mooring resume crm/crm.account") == true)
    #expect(outcomes.last == .applied)
    #expect(try await reconciler(instance: 1).run(isDryRun: true).applied.first?.outcome == outcomes.first)
    #expect(try await reconciler(instance: 2).resume(scope, by: "ben").isNew)
    #expect(try await !reconciler(instance: 2).resume(scope, by: "ben").isNew)
    #expect(try await run().map(\.outcome) == [.applied])
    await outside.expectWholeAudit()
    #expect(await outside.broken == [])
  }

  @Test func aHoldBeforeTheFirstRunOpensNoLedger() async throws {
    await outside.prepare { $0.tables["account"]?["tier"] = SourceSide.Column(type: "text") }
    _ = try await reconciler().hold(.connection("crm"), by: "ada", because: nil, until: nil)
    let ledger = await outside.warehouse.ledger
    #expect(ledger.map(\.kind) == ["hold"], "whether a ledger was kept is another matter")
    #expect(try await report().connections.first?.actions.map(\.kind) == [.opened], "proposing goes on")
  }

  @Test func whatIsMergedWaitsForItsWindowUnlessAPersonIsInHaste() async throws {
    try await mergeTwo()
    var reconciler = try await reconciler()
    reconciler.project.connections["crm"]?.pace.windows = [try #require(Schedule("sun 22:00-23:00"))]
    let waiting = try await reconciler.run().applied
    // The destination's day is a Thursday.
    #expect(
      waiting.first?.outcome
        == .waiting(
          "outside its window sun 22:00-23:00; goes on at 2026-01-04T22:00:00Z. A person may have it applied at once: "
            + "mooring apply --now"))
    #expect(try await reconciler.run(isDryRun: true).applied.first?.outcome == waiting.first?.outcome)
    reconciler.urgentFor = "ada"
    let applied = try await reconciler.apply().applied
    #expect(applied.map(\.outcome) == [.applied, .applied])
    #expect(applied.first?.steps.first?.hasPrefix("on the word of ada (--now) although outside its window") == true)
    #expect(await outside.warehouse.lines.count { $0.text.contains("pace.overridden") } == 2)
  }

  @Test func whatIsBeyondTheLimitOfAnHourWaitsForTheNext() async throws {
    try await mergeTwo()
    func next(_ minute: Int64) async throws -> [AppliedChange.Outcome] {
      var reconciler = try await reconciler(minute: minute)
      reconciler.project.destinations["w"]?.pace.limits.tables = 1
      return try await reconciler.run().applied.map(\.outcome)
    }
    let first = try await next(0)
    #expect(first.first == .applied)
    #expect(
      first.last?.reason?.hasPrefix(
        "1 table in the last hour, and tables: 1 of w allows no more; goes on at 2026-01-01T01:00:00Z") == true)
    #expect(try await next(59).count { $0 == .applied } == 0)
    #expect(try await next(61) == [.applied])
  }

  /// However many changes wait, a plan looks at the catalogue once, and where nothing may run at nothing.
  @Test func twoHundredChangesArePlannedWithoutAskingForEachTable() async throws {
    await outside.grow(to: 200)
    await outside.change { source in
      for name in source.tables.keys { source.tables[name]?["tier"] = SourceSide.Column(type: "text") }
    }
    _ = try await reconciler().run()
    await outside.finishReviews()
    let start = ContinuousClock.now
    let before = await outside.tablesRead
    let planned = try await reconciler().apply(isDryRun: true).applied
    print("\(planned.count) changes planned in \(ContinuousClock.now - start)")
    #expect(planned.count >= 199 && planned.allSatisfy { $0.outcome == .planned && !$0.plan.isEmpty })
    _ = try await reconciler().hold(.destination("w"), by: "ada", because: nil, until: nil)
    #expect(try await reconciler().apply().applied.count == planned.count)
    #expect(await outside.tablesRead == before)
  }

  // MARK: The scene

  private let account = TableName(schema: "crm", name: "account")
  private let contact = TableName(schema: "crm", name: "contact")

  /// Two green changes of two tables are merged.
  private func mergeTwo() async throws {
    await outside.prepare { source in
      for name in ["account", "contact"] { source.tables[name]?["tier"] = SourceSide.Column(type: "text") }
    }
    _ = try await reconciler().run()
    await outside.finishReviews()
  }

  private func reconciler(minute: Int64 = 0, instance: Int = 0) async throws -> Reconciler {
    let time = await outside.warehouseTime(minute: minute)
    return Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: instance).reconciler(at: time)
  }

  private func report(minute: Int64 = 0) async throws -> RunReport { try await reconciler(minute: minute).run() }

  private func run(minute: Int64 = 0) async throws -> [AppliedChange] {
    try await report(minute: minute).applied.sorted { $0.isFailure && !$1.isFailure }
  }
}

private struct Broken: ClassifiedError {
  var isOutcomeUnknown: Bool
  var failureClass: String { "57014" }
}

extension Outside {
  fileprivate func prepare(_ work: @Sendable (inout SourceSide) -> Void) {
    begin()
    change(work)
  }

  fileprivate func grow(to count: Int) {
    for number in source.tables.count...count { source.tables["t\(number)"] = source.tables["account"] }
    begin()
  }

  fileprivate func change(_ work: @Sendable (inout SourceSide) -> Void) {
    work(&source)
    sync()
  }

  fileprivate func refuseStatements(_ refuses: Bool, isOutcomeUnknown: Bool = false, about table: String? = nil) {
    warehouse.refusal = refuses ? (Broken(isOutcomeUnknown: isOutcomeUnknown), table) : nil
  }

  /// Moves the destination's clock there.
  fileprivate func warehouseTime(minute: Int64) -> Timestamp {
    warehouse.clock = Timestamp(iso8601: "2026-01-01T00:00:00Z")!.adding(seconds: minute * 60)
    return warehouse.clock
  }
}

extension AppliedChange {
  fileprivate var isFailure: Bool { if case .failed = outcome { true } else { false } }
}

extension AppliedChange.Outcome {
  fileprivate var reason: String? {
    switch self {
    case .waiting(let reason), .held(let reason), .failed(let reason): reason
    default: nil
    }
  }
}
