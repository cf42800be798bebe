import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What red findings pause in Fivetran, and what lets it go on.
struct PauseTests {
  private let outside = Outside(seed: 1)

  @Test func aRedFindingPausesTheConnectionUntilItIsAnswered() async throws {
    try await giveUpAColumn()
    let first = try await run()
    #expect(first.pauses.map(\.state) == [.paused])
    #expect(first.pauses.first?.text.contains("because of 1 red finding (crm.account.name)") == true)
    #expect(await outside.source.pause.owner == .mooring)
    #expect(await outside.warehouse.ledger.map(\.kind).filter { $0 == "pause" }.count == 2, "intent and outcome")
    let writes = await outside.writes
    #expect(try await run().pauses.map(\.state) == [.stands])
    #expect(await outside.writes == writes, "nothing is done again")
    // Another instance, with an empty cache, knows as much.
    #expect(try await run(instance: 1).pauses.map(\.state) == [.stands])
    await outside.finishReviews()
    let last = try await run(hour: 1)
    #expect(last.pauses.map(\.state) == [.resumed], "\(last.pauses)")
    #expect(await outside.source.pause.owner == nil)
    #expect(try await run(hour: 1).pauses == [])
    await outside.expectWholeAudit()
    #expect(await outside.broken == [])
  }

  @Test func theLongestTimeEndsItLoudlyAndForGood() async throws {
    try await giveUpAColumn()
    _ = try await run()
    let late = try await run(hour: 24)
    #expect(late.pauses.map(\.state) == [.resumed])
    #expect(late.pauses.first?.text.hasPrefix("the longest time is over, and nobody has answered") == true)
    await outside.change { _ in }
    #expect(try await run(hour: 25).pauses == [], "the same finding does not pause it again")
    #expect(try await run(instance: 1, hour: 26).pauses == [])
    // Another one does.
    await outside.change { $0.tables["contact"]?["name"]?.isGone = true }
    #expect(try await run(hour: 27).pauses.map(\.state) == [.paused])
    #expect(await outside.broken == [])
  }

  @Test func whoResumesOrPausesByHandWins() async throws {
    try await giveUpAColumn()
    _ = try await run()
    await outside.pauseOrResumeByHand()
    #expect(try await run(hour: 1).pauses.map(\.text).first?.hasPrefix("somebody resumed it in Fivetran") == true)
    await outside.change { _ in }
    #expect(try await run(hour: 2).pauses == [])
    await outside.change { $0.tables["contact"]?["name"]?.isGone = true }
    await outside.pauseOrResumeByHand()
    #expect(try await run(hour: 3).pauses == [], "it is paused, and not by Mooring")
    #expect(try await run(hour: 99).pauses == [])
    #expect(await outside.source.pause.owner == .person)
    #expect(await outside.broken == [])
  }

  @Test func aNoEndsItAndAPersonMayEndItAtOnce() async throws {
    try await giveUpAColumn()
    _ = try await run()
    for name in await outside.pullRequests.keys { await outside.refuse(name) }
    #expect(try await run(hour: 1).pauses.map(\.state).last == .resumed)
    await outside.change { $0.tables["contact"]?["name"]?.isGone = true }
    #expect(try await run(hour: 2).pauses.map(\.state) == [.paused])
    let ended = try await reconciler(instance: 1, hour: 3).endPause(on: "crm", by: "ada")
    #expect(ended?.state == .resumed)
    #expect(await outside.source.pause.owner == nil)
    #expect(try await reconciler(hour: 3).endPause(on: "crm", by: "ada") == nil)
    await outside.change { _ in }
    #expect(try await run(hour: 4).pauses == [])
    #expect(await outside.warehouse.ledger.contains { $0.kind == "unpause" && $0.detail.contains("ada") })
    #expect(await outside.broken == [])
  }

  @Test func whereSettingsAreNotMooringsOrNothingMayBeDoneNothingIsPaused() async throws {
    try await giveUpAColumn()
    var reconciler = try await reconciler()
    #expect(try await reconciler.run(isDryRun: true).pauses.map(\.state) == [.wouldPause])
    reconciler.project.connections["crm"]?.mode = .observe
    #expect(try await reconciler.run().pauses == [])
    reconciler.project.connections["crm"]?.mode = .propose
    reconciler.project.connections["crm"]?.settingsOwner = .terraform
    for _ in 0..<2 {
      let told = try await reconciler.run().pauses
      #expect(told.map(\.state) == [.notPaused])
      #expect(told.first?.text.contains("terraform") == true)
    }
    #expect(await outside.source.pause.owner == nil)
    #expect(await !outside.warehouse.ledger.contains { $0.kind == "pause" })
  }

  @Test func aSyncThatRunsIsLetFinish() async throws {
    try await giveUpAColumn()
    await outside.beginSync()
    for _ in 0..<2 {
      #expect(try await run().pauses.map(\.state) == [.notPaused], "it is looked at again although nothing moved")
    }
    await outside.finishSync()
    #expect(try await run().pauses.map(\.state) == [.paused])
  }

  /// No dead end: what was merged about the finding needs a sync, and a paused connection has none.
  @Test func theMergedChangeThatAnswersItMaySync() async throws {
    await outside.begin()
    await outside.change { source in
      source.changeHandling = .blockAll
      source.tables["account"]?["tier"] = SourceSide.Column(type: "text", isEnabled: false, isTouched: true)
    }
    #expect(try await run(blocking: "column.blocked").pauses.map(\.state) == [.paused])
    await outside.finishReviews()
    let planned = try await reconciler(blocking: "column.blocked").run(isDryRun: true).applied.flatMap(\.plan).map(
      \.text)
    #expect(planned.contains { $0.hasPrefix("resume the connection, which is paused until") }, "\(planned)")
    let applied = try await run(hour: 1, blocking: "column.blocked").applied
    #expect(applied.flatMap(\.steps).contains { $0.hasPrefix("resumed the connection") }, "\(applied)")
    #expect(await outside.source.isSyncing)
    await outside.finishSync()
    #expect(try await run(hour: 2, blocking: "column.blocked").applied.map(\.outcome) == [.applied])
    await outside.expectWholeAudit()
    #expect(await outside.broken == [])
  }

  @Test func anythingElseThatNeedsASyncWaitsAndSaysForWhat() async throws {
    await outside.begin()
    await outside.change { source in
      source.tables["account"]?["tier"] = SourceSide.Column(type: "text", isEnabled: false, isTouched: true)
    }
    _ = try await run()
    await outside.change { $0.tables["contact"]?["name"]?.isGone = true }
    #expect(try await run().pauses.map(\.state) == [.paused])
    await outside.mergeOnly("account")
    let report = try await run()
    guard case .waiting(let reason) = report.applied.first?.outcome else {
      Issue.record("\(report.applied) \(report.pauses)")
      return
    }
    #expect(reason.contains("mooring resume crm"))
    #expect(report.pauses.map(\.state) == [.stands])
    #expect(await outside.source.pause.owner == .mooring)
  }

  // MARK: The scene

  private func giveUpAColumn() async throws {
    await outside.begin()
    await outside.change { $0.tables["account"]?["name"]?.isGone = true }
  }

  private func reconciler(
    instance: Int = 0, hour: Int64 = 0, blocking rule: String? = nil
  ) async throws -> Reconciler {
    let time = Outside.start.adding(seconds: hour * 3600)
    await outside.passClock(to: time)
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: instance).reconciler(
      longestPause: .seconds(86_400), at: time)
    if let rule { reconciler.project.policies[rule] = .block }
    return reconciler
  }

  private func run(instance: Int = 0, hour: Int64 = 0, blocking rule: String? = nil) async throws -> RunReport {
    try await reconciler(instance: instance, hour: hour, blocking: rule).run()
  }
}

extension Outside {
  fileprivate func change(_ work: @Sendable (inout SourceSide) -> Void) {
    work(&source)
    sync()
  }

  fileprivate func beginSync() { source.beginSync() }

  fileprivate func passClock(to time: Timestamp) { clock = time }

  fileprivate func mergeOnly(_ table: String) {
    for name in pullRequests.keys.sorted() where name.contains(table) || name.hasSuffix("/green") { merge(name) }
  }
}
