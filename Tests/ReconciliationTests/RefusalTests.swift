import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What a "no" is over runs: on record in git, with reason, person and end.
struct RefusalTests {
  private let outside = Outside(seed: 1)
  private let branch = "mooring/crm/green"
  private let page = "crm/crm.account.yaml"

  @Test func aClosedPullRequestIsPutOnRecordOnce() async throws {
    try await propose()
    await outside.refuse(branch, as: Closing(by: "kim", reason: "not ours", at: Outside.start))
    _ = try await run()
    let refusal = try #require(await outside.refusalBook.refusals.first)
    #expect(refusal.file.table == TableName(schema: "crm", name: "account"))
    #expect(refusal.refusal.by == "kim")
    #expect(refusal.refusal.reason == "not ours")
    #expect(refusal.refusal.until == nil)
    #expect(refusal.refusal.findings.first?.words?.hasPrefix("extra: ") == true)
    _ = try await run()
    let writes = await outside.writes
    let report = try await run()
    #expect(await outside.writes == writes)
    #expect(report.connections.first?.outcome == .unchanged)
  }

  /// The table drifts on: what was refused of it is not dragged along, in files, statements and words.
  @Test func ofTwoFindingsOnlyTheOneThatNobodyRefusedIsProposed() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    await outside.land("later")
    let report = try await run()
    let proposal = try #require(report.connections.first?.actions.first?.proposal)
    #expect(proposal.changes.map(\.change.column) == ["later"])
    #expect(report.connections.first?.tables.map(\.standing) == [.drifted, .refused])
    #expect(report.connections.first?.tables.last?.changes.map(\.change.column) == ["extra"])
    for edit in proposal.edits {
      #expect(!String(decoding: edit.bytes ?? [], as: UTF8.self).contains("extra"), "\(edit.path)")
    }
    #expect(proposal.body.contains("Refused before, and left out: `extra` (added)."))
    let writes = await outside.writes
    #expect(try await run().connections.first?.tables.map(\.standing) == [.open(branch: branch), .refused])
    #expect(try await run().connections.first?.outcome == .unchanged)
    #expect(await outside.writes == writes)
    // Merged, nothing is left to say; taken back, the other one comes by itself.
    await outside.merge(branch)
    _ = try await run()
    #expect(try await run().connections.first?.tables.map(\.standing) == [.refused])
    await outside.forgetEverything()
    await outside.editRefusals(page) { _ in nil }
    await outside.refusalsEnd()
    #expect(try await run().connections.first?.actions.last?.proposal?.changes.map(\.change.column) == ["extra"])
    #expect(await outside.broken.isEmpty)
  }

  /// Where the list does not tell who closed one, it is asked for once, with the record.
  @Test func whoClosedItIsAskedForWhereTheListDoesNotTell() async throws {
    try await propose()
    await outside.refuse(branch, as: Closing(at: Outside.start))
    await outside.tellClosing(of: branch, Closing(by: "kim", at: Outside.start))
    _ = try await run()
    #expect(await outside.refusalBook.refusals.first?.refusal.by == "kim")
    _ = try await run()
    #expect(await outside.askedWhoClosed == 1)
  }

  @Test func whatTheForgeForgetsIsStillRefused() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    await outside.forgetEverything()
    await outside.loseCaches()
    #expect(try await standing(run()) == .refused)
    #expect(await outside.pullRequests.isEmpty)
    #expect(await outside.git.branches[branch] != nil, "the branch of a refused one is left for whoever looks later")
  }

  @Test func aSnoozeThatEndedIsProposedAgainThoughNothingElseMoved() async throws {
    try await propose()
    await outside.refuse(branch, as: Closing(at: Outside.start, isSnoozed: true))
    _ = try await run()
    _ = try await run()
    await outside.passDays(13)
    #expect(try await run().connections.first?.outcome == .unchanged)
    await outside.passDays(1)
    #expect(try await run().connections.first?.actions.map(\.kind) == [.opened])
    #expect(await outside.pullRequests.keys.sorted() == [branch])
    #expect(await outside.broken.isEmpty)
  }

  @Test func anEntryThatAPersonEndedOrRemovedCountsNoMore() async throws {
    for edit in [
      { (text: String) in text.replacing("    findings:", with: "    until: 2026-11-21\n    findings:") }, { _ in nil },
    ]
      as [@Sendable (String) -> String?]
    {
      let outside = Outside(seed: 1)
      let test = RefusalWorld(outside: outside)
      try await test.propose()
      await outside.refuse(branch)
      _ = try await test.run()
      await outside.editRefusals(page, edit)
      await outside.refusalsEnd()
      #expect(
        try await test.run().connections.first?.actions.map(\.kind) == [.opened], "the closed one is still listed")
      #expect(await outside.refused.count == 1)
    }
  }

  @Test func aBrokenFileHoldsTheTableAndSaysWhere() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    await outside.editRefusals(page) { $0 + "  - until: tomorrow\n" }
    await outside.forgetEverything()
    guard case .unreadable(let reason)? = try await standing(run()) else {
      Issue.record("it should be held")
      return
    }
    #expect(reason.contains("mooring-refusals:crm/crm.account.yaml:"))
    #expect(await outside.pullRequests.isEmpty)
    await outside.editRefusals(page) { $0.replacing("  - until: tomorrow\n", with: "") }
    #expect(try await standing(run()) == .refused)
  }

  /// What is open stays open: nobody knows whether it was refused since.
  @Test func aBrokenFileClosesNothing() async throws {
    try await propose()
    await outside.editRefusals(page) { _ in "version: 2\n" }
    let report = try await run()
    #expect(report.connections.first?.actions.isEmpty == true)
    #expect(await outside.pullRequests.keys.sorted() == [branch])
  }

  @Test func openedAgainItsEntryEndsAndStaysForWhoeverLooksLater() async throws {
    try await propose()
    await outside.refuse(branch)
    _ = try await run()
    await outside.reopen(branch)
    await outside.passDays(1)
    _ = try await run()
    #expect(await outside.pullRequests.keys.sorted() == [branch], "it is not closed as needless")
    #expect(await outside.refusalBook.refusals.map(\.refusal.until) == [outside.clock])
    let writes = await outside.writes
    _ = try await run()
    #expect(await outside.writes == writes)
  }

  @Test func aTickEndsTheEntryToo() async throws {
    try await propose(dashboard: true)
    await outside.refuse(branch, as: Closing(by: "kim", reason: "not *ours*", at: Outside.start, isSnoozed: true))
    _ = try await run(dashboard: true)
    let body = try #require(await outside.dashboard?.body)
    #expect(body.contains("until `2026-12-05T12:00:00Z`, by `kim`, not \\*ours\\*"), "\(body)")
    await outside.forgetEverything()
    await outside.tickBox(DashboardTick.lift(pullRequest: branch).key)
    _ = try await run(dashboard: true)
    #expect(await outside.refusalBook.refusals.map(\.refusal.until) == [Outside.start])
    #expect(await outside.pullRequests.keys.sorted() == [branch])
    #expect(await outside.dashboard?.body.contains("### Refused") == false)
  }

  /// Somebody else moved the branch in between: nothing is overwritten, nothing proposed, and the next run records it.
  @Test func theLoserOfARaceRecordsInTheNextRun() async throws {
    try await propose()
    await outside.refuse(branch)
    let report = try await run { [outside] act in
      if act == "record refusals" { await outside.editRefusals("README.md") { _ in "ours" } }
    }
    #expect(report.warnings.isEmpty)
    #expect(await outside.refusalBook.refusals.isEmpty)
    #expect(try await standing(run()) == .refused, "it is looked at again although nothing moved")
    #expect(await outside.refusalBook.refusals.count == 1)
    #expect(await outside.file("README.md", on: refusalsBranch) == "ours")
  }

  @Test func aDryRunRecordsNothing() async throws {
    try await propose()
    await outside.refuse(branch)
    let writes = await outside.writes
    let world = RefusalWorld(outside: outside)
    #expect(try await standing(world.reconciler().run(isDryRun: true)) == .refused)
    #expect(await outside.writes == writes)
  }

  private func propose(dashboard: Bool = false) async throws {
    try await RefusalWorld(outside: outside).propose(dashboard: dashboard)
  }

  private func run(
    dashboard: Bool = false, beforeAct: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) async throws -> RunReport {
    try await RefusalWorld(outside: outside).run(dashboard: dashboard, beforeAct: beforeAct)
  }

  private func standing(_ report: RunReport) -> Standing? {
    report.connections.first?.tables.first?.standing
  }
}

private struct RefusalWorld {
  let outside: Outside

  /// A new column of one table, in an open pull request.
  func propose(dashboard: Bool = false) async throws {
    await outside.landExtra()
    _ = try await run(dashboard: dashboard)
    #expect(await outside.pullRequests.keys.sorted() == ["mooring/crm/green"])
  }

  func run(
    dashboard: Bool = false, beforeAct: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) async throws -> RunReport {
    var reconciler = await reconciler(dashboard: dashboard)
    reconciler.beforeAct = beforeAct
    return try await reconciler.run()
  }

  func reconciler(dashboard: Bool = false) async -> Reconciler {
    Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
      .reconciler(dashboard: dashboard, at: await outside.clock)
  }
}

extension Outside {
  fileprivate func landExtra() {
    begin()
    land("extra")
  }

  fileprivate func land(_ column: String) {
    source.tables["account"]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func forgetEverything() { refused = [] }

  /// People no longer mean what they said.
  fileprivate func refusalsEnd() { said = [] }

  /// A person's commit on the branch of refusals; nil removes the file.
  fileprivate func editRefusals(_ path: String, _ change: (String) -> String?) {
    let tip = git.branches[refusalsBranch]
    let text = file(path, on: refusalsBranch) ?? ""
    let edit = FileEdit(path: path, bytes: change(text).map { Array($0.utf8) })
    git.branches[refusalsBranch] = git.commit([edit], message: "by hand", onto: tip)
  }

  fileprivate func file(_ path: String, on branch: String) -> String? {
    git.branches[branch].flatMap { git.commits[$0]?.files[path] }.map { String(decoding: $0, as: UTF8.self) }
  }

  fileprivate func reopen(_ id: String) {
    guard let index = refused.firstIndex(where: { $0.id == id }) else { return }
    var open = refused.remove(at: index)
    open.state = .open
    open.closing = nil
    pullRequests[id] = open
    said = []
  }

  fileprivate func tickBox(_ key: String) {
    dashboard?.body.replace("- [ ] <!-- mooring:\(key) -->", with: "- [x] <!-- mooring:\(key) -->")
    said = []
  }
}
