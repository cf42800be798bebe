import DriftCore
import Testing

struct ApprovalTests {
  private let landing = Landing(commit: "1111111111aa", parent: "0000000000aa")
  private let head: CommitID = "2222222222aa"

  // MARK: Signatures

  @Test(arguments: [
    (CommitSigner.allowed("kim@example.com"), true, "kim@example.com"), (.unsigned, false, "is not signed"),
    (.refused("it is signed by Mooring itself"), false, "by Mooring itself"),
  ])
  func onlyAnAllowedSignerApprovesBySignature(signer: CommitSigner, isApproved: Bool, words: String) {
    expect(
      approval(demand: ApprovalDemand(signature: true), evidence: ApprovalEvidence(landing: landing, signer: signer)),
      isApproved, words)
  }

  @Test func aMergeIsEnoughWhereNothingElseIsAskedFor() {
    let approval = approval(demand: .merge, evidence: ApprovalEvidence(landing: nil, signer: .unsigned))
    #expect(approval == .approved(by: nil, acknowledging: false))
  }

  @Test func aLandingThatCannotBeFoundIsNotApproved() {
    for demand in [ApprovalDemand(signature: true), ApprovalDemand(reviews: 1)] {
      let evidence = ApprovalEvidence(landing: nil, signer: .allowed("kim"))
      expect(approval(demand: demand, evidence: evidence), false, "too far back")
    }
  }

  // MARK: Reviews

  /// One row a promise: the reviews, how many are needed, whether that is approved, and what is said.
  @Test(arguments: [
    ([review("kim")], 1, true, "kim, review of pull request 12"),
    ([review("kim"), review("lee")], 2, true, "kim, lee"),
    ([review("kim")], 2, false, "1 of 2"),
    ([], 1, false, "0 of 1"),
    ([review("mooring", isBot: true)], 1, false, "0 of 1"),
    ([review("guest", mayApprove: false)], 1, false, "0 of 1"),
    ([review("kim", commit: "3333333333aa")], 1, false, "kim approved before the last push"),
    ([review("kim", commit: nil)], 1, false, "before the last push"),
    ([review("kim", .dismissed)], 1, false, "0 of 1"),
    ([review("kim", .changesRequested)], 1, false, "kim asked for changes"),
    ([review("kim"), review("lee", .changesRequested)], 1, false, "lee asked for changes"),
    ([review("kim"), review("lee", .changesRequested, commit: "3333333333aa")], 1, false, "lee asked for changes"),
    ([review("kim"), review("guest", .changesRequested, mayApprove: false)], 1, true, "kim"),
    ([review("kim"), review("lint", .changesRequested, isBot: true)], 1, true, "kim"),
    ([review("kim"), review("kim")], 2, false, "1 of 2"),
  ])
  func reviewsCountOfPeopleWhoMayAndOfTheMergedHead(reviews: [Review], needed: Int, isApproved: Bool, words: String) {
    expect(reviewed(pullRequest(reviews), needed: needed), isApproved, words)
  }

  @Test func withoutAPullRequestThereAreNoReviews() {
    expect(reviewed(nil), false, "knows of no merged pull request")
  }

  /// A merge by hand can bring what nobody saw, and the forge takes the pull request for merged.
  @Test(arguments: [(true, true), (false, false), (nil, true)] as [(Bool?, Bool)])
  func whatLandedIsWhatWasReviewed(isAsReviewed: Bool?, isApproved: Bool) {
    expect(
      reviewed(pullRequest([review("kim")]), isAsReviewed: isAsReviewed), isApproved,
      isApproved ? "kim" : "something else than the head")
  }

  /// Whoever may push could land an early commit of a pull request whose last one is approved.
  @Test(arguments: [(nil, false), (true, true), (false, false)] as [(Bool?, Bool)])
  func anEarlyCommitOfAPullRequestIsNotWhatWasReviewed(isAsReviewed: Bool?, isApproved: Bool) {
    var merged = pullRequest([review("kim")])
    merged.mergeCommit = "00000000000000000000000000000000000000ff"
    expect(
      reviewed(merged, isAsReviewed: isAsReviewed), isApproved,
      isApproved ? "kim" : isAsReviewed == nil ? "is not what the forge made" : "something else than the head")
  }

  @Test func bothAreNeededWhereBothAreAskedFor() {
    let both = ApprovalDemand(signature: true).union(ApprovalDemand(reviews: 1))
    let reviewed = pullRequest([review("kim")])
    func judged(_ signer: CommitSigner, _ pullRequest: MergedPullRequest?) -> Approval {
      approval(
        demand: both, evidence: ApprovalEvidence(landing: landing, signer: signer, pullRequest: pullRequest))
    }
    expect(judged(.unsigned, reviewed), false, "not signed")
    expect(judged(.allowed("lee"), nil), false, "no merged pull request")
    expect(judged(.allowed("lee"), reviewed), true, "lee, signature of 1111111111; kim, review")
  }

  @Test(arguments: [([acknowledgingLabel], true), (["mooring", "mooring-red"], false)])
  func theLabelAcknowledgesWhereReviewsApprove(labels: [String], expected: Bool) {
    guard case .approved(_, expected) = reviewed(pullRequest([review("kim")], labels: labels)) else {
      Issue.record("\(reviewed(pullRequest([review("kim")], labels: labels)))")
      return
    }
  }

  @Test func theLabelAloneApprovesNothing() {
    expect(reviewed(pullRequest([], labels: [acknowledgingLabel])), false, "0 of 1")
  }

  // MARK: What is asked for

  @Test func aNewConnectionIsJudgedByTheStrictestThatWasThere() {
    let project = Project(
      fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main", forge: ForgeSettings(kind: "github"),
      destinations: [:],
      connections: [
        "crm": ConnectionPolicy(id: "a", destination: "w", approval: .forge, reviews: 2),
        "play": ConnectionPolicy(id: "b", destination: "w", approval: .merge),
      ])
    #expect(project.demand(on: "play") == .merge)
    #expect(project.demand(on: "crm") == ApprovalDemand(reviews: 2))
    #expect(project.demand(on: "crm2") == ApprovalDemand(reviews: 2))
  }

  private func reviewed(_ pullRequest: MergedPullRequest?, needed: Int = 1, isAsReviewed: Bool? = nil) -> Approval {
    approval(
      demand: ApprovalDemand(reviews: needed),
      evidence: ApprovalEvidence(landing: landing, pullRequest: pullRequest, isAsReviewed: isAsReviewed))
  }

  private func expect(_ approval: Approval, _ isApproved: Bool, _ words: String) {
    switch approval {
    case .approved(let by, _): #expect(isApproved && by?.contains(words) == true, "\(approval)")
    case .missing(let reason, let wayOut):
      #expect(!isApproved && reason.contains(words), "\(approval)")
      #expect(!wayOut.isEmpty)
    }
  }

  private func pullRequest(_ reviews: [Review], labels: [String] = []) -> MergedPullRequest {
    MergedPullRequest(
      id: "12", branch: "mooring/crm/green", head: head, mergeCommit: landing.commit, mergedBy: "kim", mergedAt: nil,
      labels: labels, reviews: reviews)
  }
}

private func review(
  _ reviewer: String, _ state: Review.State = .approved, commit: CommitID? = "2222222222aa", isBot: Bool = false,
  mayApprove: Bool = true
) -> Review {
  Review(reviewer: reviewer, state: state, commit: commit, isBot: isBot, mayApprove: mayApprove)
}
