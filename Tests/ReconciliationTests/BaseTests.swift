import DriftCore
import Reconciliation
import Testing

@testable import soak

/// A protected branch that was rewritten raises an alarm, and nothing is done until a person confirms it.
struct BaseTests {
  private let outside = Outside(seed: 1)

  private func reconciler(number: Int = 0) -> Reconciler {
    Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: number).reconciler()
  }

  /// A change was merged and applied, then another merged, and main was put back to before both.
  private func rewritten() async throws -> (known: CommitID, tip: CommitID) {
    await outside.begin()
    await outside.addColumn("tier")
    _ = try await reconciler().run()
    await outside.finishReviews()
    let report = try await reconciler().run()
    try #require(report.applied.map(\.outcome) == [.applied])
    let known = await outside.git.main
    await outside.addColumn("size")
    await outside.rewriteMain()
    return (known, await outside.git.main)
  }

  @Test(arguments: [false, true])
  func aRewrittenBranchStopsEverythingAndSaysBothCommits(isCacheLost: Bool) async throws {
    let (known, tip) = try await rewritten()
    if isCacheLost { await outside.loseCaches() }
    let before = await outside.writes
    let reports = [
      try await reconciler().run(), try await reconciler().apply(), try await reconciler().run(isDryRun: true),
    ]
    for report in reports {
      let alarm = try #require(report.alarm)
      #expect(alarm == RewrittenBase(known: known, tip: tip))
      #expect(alarm.description.contains("mooring resume --base \(tip)") && alarm.description.contains(known.text))
      #expect(report.applied.isEmpty && report.connections.isEmpty && report.isIncomplete)
    }
    await #expect(throws: RewrittenBase.self) { try await reconciler().adopt(.applyTheRest) }
    #expect(await outside.writes == before)
    #expect(await outside.pullRequests.isEmpty)
  }

  @Test func aPersonsWordHoldsForWhatTheySawAndOutlastsTheCache() async throws {
    let (known, tip) = try await rewritten()
    await #expect(throws: (any Error).self) { try await reconciler().confirmBase(known.text) }
    await #expect(throws: (any Error).self) { try await reconciler().confirmBase(String(tip.text.prefix(3))) }
    #expect(try await reconciler().confirmBase(String(tip.text.prefix(10))) == [known])
    await outside.loseCaches()
    let report = try await reconciler().run()
    #expect(report.alarm == nil)
    #expect(await !outside.pullRequests.isEmpty, "work goes on")
    #expect(try await reconciler().confirmBase(tip.text).isEmpty, "there is nothing left to confirm")
    await outside.rewriteMain()
    #expect(try await reconciler().run().alarm != nil, "another rewriting is another alarm")
  }

  @Test func theDashboardSaysSoUntilItIsConfirmed() async throws {
    let (known, tip) = try await rewritten()
    func run() async throws -> RunReport {
      try await Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler(dashboard: true)
        .run()
    }
    #expect(try await run().alarm != nil)
    let shown = try #require(await outside.dashboard?.body)
    #expect(shown.contains("Held: needs a person") && shown.contains(known.text) && shown.contains(tip.text))
    let before = await outside.writes
    #expect(try await run().alarm != nil)
    #expect(await outside.writes == before, "it says so already")
    _ = try await reconciler().confirmBase(tip.text)
    #expect(try await run().alarm == nil)
    #expect(await outside.dashboard?.body.contains("rewritten") == false)
  }

  @Test func anAlarmIsLiftedByPuttingTheBranchBack() async throws {
    let (known, _) = try await rewritten()
    #expect(try await reconciler().run().alarm != nil)
    await outside.putBackMain(to: known)
    #expect(try await reconciler().run().alarm == nil)
  }

  /// It read main before the other one did, and the ledger after it: that is no rewriting.
  @Test func aRunThatIsBehindAnotherDoesNotCryAlarm() async throws {
    await outside.begin()
    let behind = try await outside.git.tree(of: outside.git.main)
    await outside.addColumn("tier")
    _ = try await reconciler(number: 1).run()
    await outside.finishReviews()
    _ = try await reconciler(number: 1).run()
    let error = await #expect(throws: (any Error).self) { try await reconciler().run(on: behind) }
    #expect(error.map { "\($0)" }?.contains("moved on") == true)
  }

  @Test func linesOfAnotherRepositoryInTheLedgerAreNotOurs() {
    func line(_ connection: ConnectionName, _ commit: String) -> LedgerEntry {
      LedgerEntry(
        step: StepID(
          destination: "w", connection: connection, table: TableName(schema: "s", name: "t"), change: 1, step: 1),
        state: .done, kind: "ddl", digest: "", commit: commit)
    }
    let own = [line("", "opened"), line("crm", "a"), line("crm", "b")]
    #expect(knownTips(in: own, of: ["crm"]) == ["": "opened", "crm": "b"])
    #expect(knownTips(in: own + [line("theirs", "c")], of: ["crm"]) == ["crm": "b"])
  }
}

extension Outside {
  fileprivate func addColumn(_ name: String) {
    source.tables["account"]?[name] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func rewriteMain() { git.rewriteMain() }

  fileprivate func putBackMain(to commit: CommitID) { git.putBackMain(to: commit) }
}
