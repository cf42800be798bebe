import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

/// What the forges know of a merge: who merged what, and what people had said of it.
struct MergedTests {
  private let head = String(repeating: "a", count: 40)
  private let old = String(repeating: "b", count: 40)
  private let merge = String(repeating: "c", count: 40)
  private let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")

  private func settings(_ api: String, _ repository: String, _ token: String) throws -> HostedSettings {
    HostedSettings(
      api: api, repository: repository, credential: .token(Secret(token)), transport: try LiveTransport(),
      clock: ImmediateClock(), now: { FakeGitHub.start })
  }

  private func gitHub(_ fake: FakeGitHub) throws -> HostedForge {
    try HostedForge(.gitHub, try settings(fake.url, FakeGitHub.repository, "token-1"))
  }

  private func gitLab(_ fake: FakeGitLab) throws -> HostedForge {
    try HostedForge(.gitLab, try settings(fake.url + "/api/v4", FakeGitLab.project, "glpat-1"))
  }

  private func gitea(_ fake: FakeGitea) throws -> HostedForge {
    try HostedForge(.forgejo, try settings(fake.url + "/api/v1", FakeGitea.repository, "gt-1"))
  }

  private func review(_ reviewer: String, _ commit: String?, isBot: Bool = false, may: Bool = true) -> Review {
    review(reviewer, .approved, commit, isBot: isBot, may: may)
  }

  private func review(
    _ reviewer: String, _ state: Review.State, _ commit: String?, isBot: Bool = false, may: Bool = true
  ) -> Review {
    Review(reviewer: reviewer, state: state, commit: commit.map { CommitID($0) }, isBot: isBot, mayApprove: may)
  }

  // MARK: GitHub

  @Test func gitHubSaysWhoMergedWhatAndWhoSaidYes() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { [head] in $0.pulls[1]?.reviews = [.init("rita", "APPROVED", at: head)] }
    fake.merge(1, as: merge, by: "rita")
    fake.change { $0.requests = [] }
    let merged = try await forge.merged(CommitID(merge), into: draft.base)
    #expect(
      merged
        == MergedPullRequest(
          id: "1", branch: draft.branch, head: CommitID(head), mergeCommit: CommitID(merge), mergedBy: "rita",
          mergedAt: FakeGitHub.start, labels: ["mooring", "mooring-yellow"], reviews: [review("rita", head)]))
    #expect(fake.requests == ["POST /graphql"])
    #expect(fake.violations == [])
  }

  @Test func gitHubCountsTheLastWordOfEachPerson() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { [head, old] in
      $0.pulls[1]?.reviews = [
        .init("anna", "CHANGES_REQUESTED", at: old), .init("anna", "APPROVED", at: head),
        .init("ben", "APPROVED", at: head), .init("Ben", "CHANGES_REQUESTED", at: head),
        .init("cleo", "APPROVED", at: head), .init("cleo", "COMMENTED", at: head),
        .init("dan", "DISMISSED", at: head), .init("eve", "APPROVED", at: old),
        .init("fred", "APPROVED", at: head, canPush: false), .init("helper", "APPROVED", at: head, type: "Bot"),
        .init("mooring-bot", "APPROVED", at: head), .init(nil, "APPROVED", at: nil),
      ]
    }
    fake.merge(1, as: merge, by: "rita")
    let reviews = try #require(try await forge.merged(CommitID(merge), into: draft.base)?.reviews)
    #expect(
      reviews == [
        review("Ben", .changesRequested, head), review("anna", head), review("cleo", head),
        review("dan", .dismissed, head), review("eve", old), review("fred", head, may: false),
        review("ghost", nil, isBot: true, may: false), review("helper", head, isBot: true),
        review("mooring-bot", head, isBot: true, may: false),
      ])
    #expect(fake.violations == [])
  }

  /// Into another branch, of a fork, one that is closed, a commit that is not there: nothing that brought the change.
  @Test func gitHubTakesNoOtherPullRequestForTheMerge() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.merge(1, as: merge, by: "rita")
    #expect(try await forge.merged(CommitID(merge), into: "another") == nil)
    #expect(try await forge.merged(CommitID(old), into: draft.base) == nil)
    fake.change { $0.pulls[1]?.isForeign = true }
    #expect(try await forge.merged(CommitID(merge), into: draft.base) == nil)
    fake.change {
      $0.pulls[1]?.isForeign = false
      $0.pulls[1]?.isMerged = false
    }
    #expect(try await forge.merged(CommitID(merge), into: draft.base) == nil, "closed, whatever its merge commit")
    fake.change { $0.commits = [] }
    #expect(try await forge.merged(CommitID(merge), into: draft.base) == nil)
    for id in ["main", "../x", "", String(repeating: "A", count: 40)] {
      await #expect(throws: ForgeError.self) { try await forge.merged(CommitID(id), into: draft.base) }
    }
  }

  @Test func aRebaseLandsWithAnyOfItsCommits() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.merge(1, as: merge, by: "rita", landed: [old])
    let merged = try await forge.merged(CommitID(old), into: draft.base)
    #expect(merged?.id == "1")
    #expect(merged?.mergeCommit == CommitID(merge))
  }

  @Test func moreReviewsThanCanBeReadAreAnError() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { [head] in
      $0.pulls[1]?.reviews = (0...100).map { .init("person-\($0)", "APPROVED", at: head) }
    }
    fake.merge(1, as: merge, by: "rita")
    let error = await #expect(throws: ForgeError.self) {
      try await forge.merged(CommitID(merge), into: draft.base)
    }
    #expect(error?.code == .tooLarge)
  }

  // MARK: GitLab

  private func mergedOnGitLab(
    _ fake: FakeGitLab, _ change: (inout FakeGitLab.MergeRequest) -> Void
  ) async throws -> HostedForge {
    let forge = try gitLab(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { [merge] state in
      guard var found = state.mergeRequests[1] else { return }
      found.state = "merged"
      found.mergedBy = "rita"
      found.mergeCommit = merge
      found.landed = [merge]
      change(&found)
      state.mergeRequests[1] = found
      state.requests = []
    }
    return forge
  }

  @Test func gitLabSaysWhoMergedWhatAndWhoSaidYes() async throws {
    let fake = try FakeGitLab()
    let forge = try await mergedOnGitLab(fake) { $0.approvals = [("rita", nil), ("guest", nil), ("robot", nil)] }
    fake.change {
      $0.members["robot"] = 30
      $0.members["guest"] = 10
      $0.bots.insert("robot")
    }
    let merged = try await forge.merged(CommitID(merge), into: draft.base)
    #expect(merged?.mergedBy == "rita")
    #expect(merged?.head == CommitID(head))
    #expect(merged?.mergedAt == FakeGitHub.start)
    #expect(
      merged?.reviews == [
        review("guest", head, may: false), review("rita", head), review("robot", head, isBot: true),
      ])
    #expect(fake.violations == [])
    fake.change { $0.requests = [] }
    _ = try await forge.merged(CommitID(merge), into: draft.base)
    #expect(fake.requests.count == 4, "who may write is asked once")
  }

  /// A fast-forward has no merge commit, a squash two.
  @Test(arguments: [(nil, nil, "a"), (nil, "d", "d"), ("c", "d", "c")])
  func gitLabsLandedCommitIsTheMergeTheSquashOrTheHead(merge: String?, squash: String?, landed: String) async throws {
    let fake = try FakeGitLab()
    let id = { (letter: String) in String(repeating: letter, count: 40) }
    let forge = try await mergedOnGitLab(fake) { found in
      found.mergeCommit = merge.map(id)
      found.squashCommit = squash.map(id)
      found.landed = [id(landed)]
    }
    #expect(try await forge.merged(CommitID(id(landed)), into: draft.base)?.mergeCommit == CommitID(id(landed)))
  }

  /// The branch was at `b` until 10:30 and is at `a` since.
  @Test(arguments: [
    ("2026-11-21T10:10:00.000Z", false, "b"), ("2026-11-21T12:40:00.000+02:00", false, "a"), (nil, false, nil),
    (nil, true, "a"),
  ])
  func anApprovalOnGitLabIsOfWhatTheBranchWasThen(at time: String?, resets: Bool, commit: String?) async throws {
    let fake = try FakeGitLab()
    let forge = try await mergedOnGitLab(fake) { [head, old] found in
      found.approvals = [("rita", time)]
      found.versions = [("2026-11-21T10:00:00.000Z", old), ("2026-11-21T10:30:00.000Z", head)]
    }
    fake.change { $0.resetsApprovals = resets }
    let merged = try await forge.merged(CommitID(merge), into: draft.base)
    #expect(merged?.reviews == [review("rita", commit.map { String(repeating: $0, count: 40) })])
    #expect(fake.violations == [])
  }

  @Test func aNoOnGitLabCountsMoreThanAnApprovalThatIsStillListed() async throws {
    let fake = try FakeGitLab()
    let forge = try await mergedOnGitLab(fake) { found in
      found.approvals = [("rita", nil), ("sales-data", nil)]
      found.reviewerStates = ["rita": "requested_changes", "sales-data": "reviewed", "guest": "unapproved"]
    }
    let reviews = try await forge.merged(CommitID(merge), into: draft.base)?.reviews
    #expect(
      reviews == [
        review("guest", .dismissed, nil, may: false), review("rita", .changesRequested, nil),
        review("sales-data", head),
      ])
    fake.change { $0.hasReviewers = false }
    #expect(try await forge.merged(CommitID(merge), into: draft.base)?.reviews.count == 2)
  }

  @Test func approvalByTheAuthorCountsForNothing() async throws {
    let fake = try FakeGitLab()
    let forge = try await mergedOnGitLab(fake) { $0.approvals = [("mooring-bot", nil)] }
    let reviews = try await forge.merged(CommitID(merge), into: draft.base)?.reviews
    #expect(reviews == [review("mooring-bot", head, isBot: true, may: false)])
  }

  // MARK: Gitea and Forgejo

  @Test func giteaCountsOfficialReviewsOfTheHeadAndTheLastOfEach() async throws {
    let fake = try FakeGitea()
    let forge = try gitea(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { [head, merge] state in
      state.pulls[1]?.isOpen = false
      state.pulls[1]?.isMerged = true
      state.pulls[1]?.mergedBy = "rita"
      state.pulls[1]?.mergeCommit = merge
      state.pulls[1]?.reviews = [
        .init(user: "anna", state: "REQUEST_CHANGES", commit: head),
        .init(user: "anna", state: "APPROVED", commit: head),
        .init(user: "ben", state: "APPROVED", commit: head), .init(user: "ben", state: "COMMENT", commit: head),
        .init(user: "cleo", state: "APPROVED", commit: head, isStale: true),
        .init(user: "dan", state: "APPROVED", commit: head, isDismissed: true),
        .init(user: "eve", state: "APPROVED", commit: head, isOfficial: false),
        .init(user: "mooring-bot", state: "APPROVED", commit: head),
        .init(user: nil, state: "REQUEST_REVIEW", commit: head), .init(user: "fred", state: "PENDING", commit: head),
      ]
    }
    let merged = try await forge.merged(CommitID(merge), into: draft.base)
    #expect(merged?.mergedBy == "rita")
    #expect(merged?.mergedAt == FakeGitHub.start)
    #expect(
      merged?.reviews == [
        review("anna", head), review("ben", head), review("cleo", nil), review("dan", .dismissed, head),
        review("eve", head, may: false), review("mooring-bot", head, isBot: true, may: false),
      ])
    #expect(try await forge.merged(CommitID(old), into: draft.base) == nil)
    #expect(try await forge.merged(CommitID(merge), into: "another") == nil)
    #expect(fake.violations == [])
  }
}
