import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What apply says beside the commits that landed, and below the pull requests that brought them.
struct TellForgeTests {
  private let outside = Outside(seed: 1)

  private func run(
    approval: ConnectionPolicy.Approval = .merge, kind: String = "github"
  ) async throws -> RunReport {
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0)
      .reconciler(approval: approval)
    reconciler.project.forge.kind = kind
    return try await reconciler.run()
  }

  /// A column arrived, was proposed, and merged.
  private func landing() async throws -> CommitID {
    await outside.drift("tier")
    _ = try await run()
    await outside.finishReviews()
    await outside.remember(pullRequest: "7", of: "mooring/crm/green")
    return await outside.git.main
  }

  @Test func anAppliedChangeIsAStatusAndAComment() async throws {
    let landing = try await landing()
    #expect(try await run().applied.map(\.outcome) == [.applied])
    let status = try #require(await outside.statuses[landing])
    #expect(status.context == "mooring/apply")
    #expect(status.state == .success)
    #expect(status.text == "crm.account 0001-add-tier: applied")
    let comment = try #require(await outside.comments["7"])
    #expect(comment.hasPrefix("What became of this, merged as `\(landing.text.prefix(12))`:\n"))
    #expect(comment.contains("- `crm.account` `0001-add-tier`: applied\n"))
  }

  @Test func whatWaitsIsPendingAndIsSaidOnce() async throws {
    let landing = try await landing()
    _ = try await run(approval: .signature)
    #expect(await outside.statuses[landing]?.state == .pending)
    #expect(await outside.comments["7"]?.contains("not approved") == true)
    let writes = await outside.writes
    _ = try await run(approval: .signature)
    #expect(await outside.writes == writes)
    _ = try await run()
    #expect(await outside.statuses[landing]?.state == .success)
    #expect(await outside.comments["7"]?.contains("not approved") == false)
  }

  @Test func withoutAPullRequestThereIsAStatusAllTheSame() async throws {
    let landing = try await landing()
    await outside.forgetPullRequests()
    _ = try await run()
    #expect(await outside.statuses[landing]?.state == .success)
    #expect(await outside.comments.isEmpty)
  }

  /// Mooring writes into its own pull requests; of a person's the commit's status says enough.
  @Test func aPersonsOwnPullRequestGetsNoComment() async throws {
    let landing = try await landing()
    await outside.remember(pullRequest: "7", of: "anna/tier")
    let report = try await run()
    #expect(report.warnings.isEmpty)
    #expect(await outside.statuses[landing]?.state == .success)
    #expect(await outside.comments.isEmpty)
  }

  @Test func aForgeThatRefusesIsAWarningAndTheChangeIsApplied() async throws {
    _ = try await landing()
    await outside.refuseForge("no right to set a status")
    let report = try await run()
    #expect(report.applied.map(\.outcome) == [.applied])
    #expect(report.warnings.contains { $0.contains("no right to set a status") })
  }

  @Test func aLocalFolderIsNotTold() async throws {
    _ = try await landing()
    _ = try await run(kind: "local")
    #expect(await outside.statuses.isEmpty)
  }
}

extension Outside {
  fileprivate func drift(_ column: String) {
    if git.commits.count == 1 { begin() }
    source.tables["account"]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func remember(pullRequest id: String, of branch: String) {
    merged[git.main] = MergedPullRequest(
      id: id, branch: branch, head: git.main, mergeCommit: git.main, mergedBy: "kim", mergedAt: nil, labels: [],
      reviews: [])
  }

  fileprivate func forgetPullRequests() { merged = [:] }

  fileprivate func refuseForge(_ reason: String) { forgeRefusal = reason }
}
