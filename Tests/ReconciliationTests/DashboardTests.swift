import DriftCore
import Reconciliation
import Testing

@testable import soak

/// The dashboard over runs: what it shows, what its boxes do, and when it is left alone.
struct DashboardTests {
  private let outside = Outside(seed: 1)
  private let branch = "mooring/crm/green"

  @Test func itComesWithTheFirstThingToShowAndAQuietRunWritesNothing() async throws {
    await outside.begin()
    _ = try await run()
    #expect(await outside.dashboard == nil, "nothing to show yet")
    try await propose()
    let body = try #require(await outside.dashboard?.body)
    #expect(body.contains("### Open"))
    #expect(body.contains("- [ ] <!-- \(mark(.redraft(branch: branch))) --> `mooring/crm/green`"))
    let writes = await outside.writes
    _ = try await run()
    _ = try await run()
    #expect(await outside.writes == writes)
    await outside.finishReviews()
    _ = try await run()
    _ = try await run()
    #expect(await outside.dashboard?.body.contains("Nothing waits for anybody.") == true)
  }

  @Test func withoutTheSettingAndInAPartialOrDryRunItIsNotTouched() async throws {
    try await propose(dashboard: false)
    #expect(await outside.dashboard == nil)
    _ = try await reconciler().run(only: ["crm"])
    _ = try await reconciler().run(isDryRun: true)
    #expect(await outside.dashboard == nil)
  }

  @Test func aTickedRefusalIsTakenBackAndProposedAgain() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    #expect(await outside.pullRequests.isEmpty)
    #expect(await outside.dashboard?.body.contains("### Refused") == true)
    await outside.tick(mark(.lift(pullRequest: branch)))
    _ = try await run()
    #expect(await outside.pullRequests.keys.sorted() == [branch])
    #expect(await outside.refused.isEmpty)
    #expect(await outside.dashboard?.body.contains("[x]") == false)
  }

  @Test func aTickedBranchThatAPersonEditedIsDraftedAgain() async throws {
    try await propose()
    let ours = await outside.git.branches[branch]
    await outside.editByHand(branch)
    let theirs = await outside.git.branches[branch]
    _ = try await run()
    #expect(await outside.git.branches[branch] == theirs)
    #expect(await outside.dashboard?.body.contains("### Edited by people") == true)
    await outside.tick(mark(.redraft(branch: branch)))
    _ = try await run()
    #expect(await outside.git.branches[branch] == ours)
    let edited = try #require(theirs)
    #expect(await outside.git.branches["mooring-kept/crm/green/\(edited.text.prefix(12))"] == edited)
    #expect(await outside.dashboard?.body.contains("### Edited by people") == false)
    #expect(await outside.dashboard?.body.contains("[x]") == false)
    let writes = await outside.writes
    _ = try await run()
    #expect(await outside.writes == writes)
  }

  /// Nobody's work is lost to a name that is taken.
  @Test func aBranchIsNotDraftedAgainWhereItsEditsCannotBeKept() async throws {
    try await propose()
    await outside.editByHand(branch)
    let theirs = try #require(await outside.git.branches[branch])
    await outside.take("mooring-kept/crm/green/\(theirs.text.prefix(12))")
    _ = try await run()
    await outside.tick(mark(.redraft(branch: branch)))
    let report = try await run()
    #expect(await outside.git.branches[branch] == theirs)
    guard case .failed(let reason)? = report.connections.first?.outcome else {
      Issue.record("\(report.connections)")
      return
    }
    #expect(reason.contains("keeping what people wrote as branch mooring-kept/crm/green/"))
  }

  /// The connection cannot be looked at, so that the tick waits for a run that can.
  @Test func aTickStaysUntilItIsCarriedOut() async throws {
    try await propose()
    await outside.tick(mark(.redraft(branch: branch)))
    let reconciler = reconciler { name in
      if name.hasPrefix("commit") { throw Refused("the disk is full") }
    }
    _ = try await reconciler.run()
    #expect(await outside.dashboard?.body.contains("- [x] <!-- \(mark(.redraft(branch: branch))) -->") == true)
    _ = try await run()
    #expect(await outside.dashboard?.body.contains("[x]") == false)
  }

  @Test func aBoxTickedDuringTheRunIsSeenByTheNext() async throws {
    try await propose()
    await outside.refuse(branch)
    let mark = mark(.lift(pullRequest: branch))
    _ = try await run()
    await outside.begin("another")
    let reconciler = reconciler { [outside] name in
      if name == "dashboard" { await outside.tick(mark) }
    }
    _ = try await reconciler.run()
    #expect(await outside.dashboard?.body.contains("[x]") == true)
    _ = try await run()
    #expect(await outside.refused.isEmpty)
  }

  @Test func aClosedOneIsLeftAloneWithAllItsTicks() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    await outside.tick(mark(.lift(pullRequest: branch)))
    await outside.closeDashboard()
    let before = await outside.dashboard
    _ = try await run()
    #expect(await outside.dashboard == before)
    #expect(await outside.refused.count == 1)
  }

  @Test func whatALimitHoldsBackIsProposedOnATick() async throws {
    await outside.begin("extra")
    await outside.begin("extra", in: "contact")
    await outside.begin("extra", in: "deal")
    var reconciler = reconciler()
    reconciler.project.connections["crm"]?.openProposals = 0
    _ = try await reconciler.run()
    #expect(await outside.pullRequests.isEmpty)
    #expect(await outside.dashboard?.body.contains("### Held back by a limit") == true)
    await outside.tick(mark(.propose(branch: branch)))
    _ = try await reconciler.run()
    #expect(await outside.pullRequests.keys.sorted() == [branch])
    #expect(await outside.dashboard?.body.contains("Held back") == false)
    #expect(await outside.dashboard?.body.contains("[x]") == false)
  }

  @Test func allOfThemIsATickToo() async throws {
    await outside.begin("extra")
    var reconciler = reconciler()
    reconciler.project.connections["crm"]?.openProposals = 0
    _ = try await reconciler.run()
    await outside.tick(mark(.proposeAll))
    _ = try await reconciler.run()
    #expect(await outside.pullRequests.keys.sorted() == [branch])
  }

  @Test func aForgeThatDoesNotShowItIsAWarning() async throws {
    await outside.refuseDashboard("issues are switched off")
    try await propose()
    #expect(await outside.pullRequests.count == 1)
    #expect(try await run().warnings.contains { $0.contains("issues are switched off") })
  }

  private func propose(dashboard: Bool = true) async throws {
    await outside.begin("extra")
    _ = try await reconciler(dashboard: dashboard).run()
    #expect(await outside.pullRequests.keys.sorted() == [branch])
  }

  private func run() async throws -> RunReport { try await reconciler().run() }

  private func reconciler(
    dashboard: Bool = true, beforeAct: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) -> Reconciler {
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
      .reconciler(dashboard: dashboard)
    reconciler.beforeAct = beforeAct
    return reconciler
  }

  private func mark(_ tick: DashboardTick) -> String { "mooring:\(tick.key)" }
}

extension Outside {
  /// A new column of that name lands.
  fileprivate func begin(_ column: String, in table: String = "account") {
    if git.commits.count == 1 { begin() }
    source.tables[table]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func tick(_ mark: String) {
    dashboard?.body.replace("- [ ] <!-- \(mark) -->", with: "- [x] <!-- \(mark) -->")
  }

  fileprivate func closeDashboard() { dashboard?.isOpen = false }

  fileprivate func take(_ branch: String) { git.branches[branch] = git.main }

  fileprivate func refuseDashboard(_ reason: String) { forgeRefusal = reason }
}
