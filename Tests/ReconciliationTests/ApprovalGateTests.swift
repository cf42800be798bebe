import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What is merged runs when those who may have said yes, and not before.
struct ApprovalGateTests {
  private let outside = Outside(seed: 1)

  private func run(
    approval: ConnectionPolicy.Approval = .merge, floor: ApprovalDemand = .merge
  ) async throws -> RunReport {
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
    return try await instance.reconciler(approval: approval, floor: floor).run()
  }

  /// A column that arrived was proposed and merged. Returns the commit that the merge made.
  private func mergedChange() async throws -> CommitID {
    await outside.drift("tier", in: "account")
    _ = try await run()
    await outside.finishReviews()
    return await outside.git.main
  }

  private func reason(_ report: RunReport) -> String? {
    if case .unapproved(let reason, _)? = report.applied.first?.outcome { reason } else { nil }
  }

  private var columnIsThere: Bool {
    get async {
      let target = TableName(schema: "analytics", name: "account")
      return await outside.warehouse.tables[target]?.columns.contains { $0.name == "tier" } ?? false
    }
  }

  @Test func anUnsignedLandingIsHeldAndNothingIsWrittenUntilItIsSigned() async throws {
    let landing = try await mergedChange()
    let lines = await outside.warehouse.ledger.count
    // The first run closes the pull request that was merged.
    #expect(try await reason(run(approval: .signature))?.contains("not signed") == true)
    let before = await outside.writes
    #expect(try await reason(run(approval: .signature))?.contains(landing.short) == true)
    #expect(await outside.writes == before)
    #expect(await outside.warehouse.ledger.count == lines)
    #expect(await !columnIsThere)
    await outside.sign(landing, as: "kim@example.com")
    #expect(try await run(approval: .signature).applied.map(\.outcome) == [.applied])
    #expect(await columnIsThere)
    let line = await outside.warehouse.ledger.last { $0.kind == "change" }
    #expect(line?.detail.contains("approved by kim@example.com, signature of \(landing.short)") == true)
  }

  /// Whoever runs Mooring has the last word.
  @Test func theRepositoryCannotTurnOffTheFloor() async throws {
    _ = try await mergedChange()
    #expect(try await reason(run(floor: ApprovalDemand(signature: true)))?.contains("not signed") == true)
    #expect(await !columnIsThere)
    #expect(try await run().applied.map(\.outcome) == [.applied], "without it, being merged is enough")
  }

  @Test func aSignatureOnALaterCommitIsNotThatOfTheLanding() async throws {
    _ = try await mergedChange()
    await outside.writeMain("README.md", "x")
    await outside.sign(await outside.git.main, as: "kim@example.com")
    #expect(try await reason(run(approval: .signature)) != nil)
  }

  @Test func laterChangesOfTheTableWaitForOneThatIsNotApproved() async throws {
    _ = try await mergedChange()
    try await outside.copyChange(of: "account", to: 2)
    await outside.sign(await outside.git.main, as: "kim@example.com")
    let report = try await run(approval: .signature)
    #expect(report.applied.count == 2)
    #expect(reason(report) != nil)
    guard case .waiting(let reason)? = report.applied.last?.outcome else {
      Issue.record("\(report.applied)")
      return
    }
    #expect(reason.contains("0001-") && reason.contains("not approved"))
    #expect(report.connections.first?.tables.allSatisfy { $0.standing == .applying } == true)
  }

  // MARK: Reviews

  @Test func aReviewOfTheMergedHeadApprovesAndAStaleOneDoesNot() async throws {
    let landing = try await mergedChange()
    #expect(try await reason(run(approval: .forge))?.contains("no merged pull request") == true)
    let head = try #require(await outside.lastMergedTip)
    await outside.review(landing, head: head, by: "kim", of: "0000000000aa")
    #expect(try await reason(run(approval: .forge))?.contains("before the last push") == true)
    #expect(await !columnIsThere)
    await outside.review(landing, head: head, by: "kim", of: head)
    #expect(try await run(approval: .forge).applied.map(\.outcome) == [.applied])
  }

  /// A change that `mooring draft` wrote on somebody's own branch is reviewed like any other.
  @Test func whatPeopleBringFromABranchOfTheirOwnIsApprovedAlike() async throws {
    let landing = try await mergedChange()
    let head = try #require(await outside.lastMergedTip)
    await outside.review(landing, head: head, by: "kim", of: head, branch: "anna/tier")
    #expect(try await run(approval: .forge).applied.map(\.outcome) == [.applied])
  }

  /// The forge takes a pull request for merged when its head arrives, whatever else the merge did.
  @Test func aMergeThatBroughtSomethingElseIsNotWhatWasReviewed() async throws {
    await outside.drift("tier", in: "account")
    _ = try await run()
    await outside.mergeOtherwise("mooring/crm/green")
    let head = try #require(await outside.lastMergedTip)
    await outside.review(await outside.git.main, head: head, by: "kim", of: head)
    #expect(try await reason(run(approval: .forge))?.contains("something else than the head") == true)
  }

  @Test func theLabelAnswersForWhatIsRedOnlyWithReviews() async throws {
    await outside.drift("tier", in: "account")
    _ = try await run()
    await outside.makeRed("mooring/crm/green")
    let landing = await outside.git.main
    let head = try #require(await outside.lastMergedTip)
    await outside.review(landing, head: head, by: "kim", of: head)
    guard case .held(let reason)? = try await run(approval: .forge).applied.first?.outcome else {
      Issue.record("nobody has acknowledged it")
      return
    }
    #expect(reason.contains("not acknowledged"))
    await outside.review(landing, head: head, by: "kim", of: head, labels: [acknowledgingLabel])
    guard case .held? = try await run(approval: .merge).applied.first?.outcome else {
      Issue.record("a label is nobody's word where no review says whose it is")
      return
    }
    #expect(try await run(approval: .forge).applied.map(\.outcome) == [.applied])
  }

  // MARK: The rule that a change is held against

  @Test(arguments: ["crm", "crm_new"])
  func aChangeDoesNotLoosenTheRuleThatItIsHeldAgainst(name: String) async throws {
    await outside.writeMain("contracts/mooring.yaml", projectText(connection: name, approval: "signature"))
    await outside.drift("tier", in: "account")
    _ = try await run()
    await outside.editBranch("mooring/crm/green", "contracts/mooring.yaml") { _ in
      Array(projectText(connection: "crm", approval: "merge").utf8)
    }
    await outside.finishReviews()
    #expect(try await reason(run(approval: .merge))?.contains("not signed") == true)
  }
}

private func projectText(connection: String, approval: String) -> String {
  """
  version: 1
  fivetran: {key: "${K}", secret: "${S}"}
  destinations: {w: {kind: postgres, group: g, url: "${W}"}}
  connections: {\(connection): {id: crm_id, destination: w, approval: \(approval)}}

  """
}

extension Outside {
  fileprivate var lastMergedTip: CommitID? { mergedTips.last }

  fileprivate func drift(_ column: String, in table: String) {
    if warehouse.tables.isEmpty { begin() }
    source.tables[table]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func sign(_ commit: CommitID, as name: String) { git.signers[commit] = name }

  fileprivate func writeMain(_ path: String, _ text: String) {
    if warehouse.tables.isEmpty { begin() }
    git.writeMain(path, Array(text.utf8), message: "by hand")
  }

  fileprivate func editBranch(_ name: String, _ path: String, _ change: @Sendable ([UInt8]) -> [UInt8]) {
    git.edit(name, path, change)
  }

  fileprivate func review(
    _ landing: CommitID, head: CommitID, by reviewer: String, of commit: CommitID, labels: [String] = [],
    branch: String = "mooring/crm/green"
  ) {
    merged[landing] = MergedPullRequest(
      id: "7", branch: branch, head: head, mergeCommit: landing, mergedBy: "kim", mergedAt: nil,
      labels: labels,
      reviews: [Review(reviewer: reviewer, state: .approved, commit: commit, isBot: false, mayApprove: true)])
  }

  /// Merges a branch by hand, with a change folder that differs from that of its tip.
  fileprivate func mergeOtherwise(_ name: String) {
    mergedTips += [git.branches[name]].compactMap { $0 }
    _ = git.merge(name) { path, bytes in path.hasSuffix("/up.sql") ? bytes + Array("\n".utf8) : bytes }
    pullRequests[name] = nil
  }

  /// A reviewer asks for an acknowledgement, which nobody gives, and the branch is merged.
  fileprivate func makeRed(_ name: String) {
    if let tip = git.branches[name],
      let path = git.branch(name, at: tip).changes.keys.sorted().first(where: { $0.hasSuffix("/change.yaml") })
    {
      git.edit(name, path) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let finding = text.split(separator: "fingerprint: \"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
        let note = "acknowledge:\n  - {fingerprint: \"\(finding)\", text: \"it is red\", by: \"\"}\nway_back:"
        return Array(text.replacing("way_back:", with: note).utf8)
      }
    }
    mergedTips += [git.branches[name]].compactMap { $0 }
    _ = git.merge(name)
    pullRequests[name] = nil
  }

  /// Another change folder of the table, with the first one's content and another number.
  fileprivate func copyChange(of table: String, to number: Int) throws {
    for (path, bytes) in git.commits[git.main]?.files ?? [:]
    where path.contains("crm.\(table)/changes/0001-") {
      let text = String(decoding: bytes, as: UTF8.self).replacing("change: 0001-", with: "change: 000\(number)-")
      git.writeMain(path.replacing("/0001-", with: "/000\(number)-"), Array(text.utf8), message: "by hand")
    }
  }
}
