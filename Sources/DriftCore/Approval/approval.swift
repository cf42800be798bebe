/// Whether people have said yes to a merged change.
package enum Approval: Hashable, Sendable {
  /// Who did, and how that is known; nil where being merged is enough. `acknowledging`: by a label they say so to what is red as well.
  case approved(by: String?, acknowledging: Bool)
  /// Nothing of it runs.
  case missing(String, wayOut: String)
}

/// What is known of how a change landed.
package struct ApprovalEvidence: Hashable, Sendable {
  /// Nil where it lies too far back.
  package var landing: Landing?
  /// Nil where no signature is asked for.
  package var signer: CommitSigner?
  /// What the forge says of the landing; nil where it knows of no pull request, or is not asked.
  package var pullRequest: MergedPullRequest?
  /// Whether the change folder landed as it was at the pull request's head; nil where that commit is not known any more.
  package var isAsReviewed: Bool?

  package init(
    landing: Landing?, signer: CommitSigner? = nil, pullRequest: MergedPullRequest? = nil, isAsReviewed: Bool? = nil
  ) {
    self.landing = landing
    self.signer = signer
    self.pullRequest = pullRequest
    self.isAsReviewed = isAsReviewed
  }
}

/// The label by which reviewers answer for what is red, where `approval: forge` proves who they are.
package let acknowledgingLabel = "mooring-acknowledged"

/// Holds what is known of a landing against what its approval takes.
package func approval(demand: ApprovalDemand, evidence: ApprovalEvidence) -> Approval {
  if demand == .merge { return .approved(by: nil, acknowledging: false) }
  guard let landing = evidence.landing else {
    return .missing(
      "the commit that landed it lies too far back", wayOut: "revert it and land it again in the way that is asked for")
  }
  var by: [String] = []
  var isAcknowledging = false
  if demand.signature {
    switch signed(landing, evidence.signer) {
    case .approved(let signer, _): by += [signer].compactMap { $0 }
    case .missing(let reason, let wayOut): return .missing(reason, wayOut: wayOut)
    }
  }
  if demand.reviews > 0 {
    switch reviewed(landing, evidence, needed: demand.reviews) {
    case .approved(let reviewers, let acknowledging):
      by += [reviewers].compactMap { $0 }
      isAcknowledging = acknowledging
    case .missing(let reason, let wayOut): return .missing(reason, wayOut: wayOut)
    }
  }
  return .approved(by: by.joined(separator: "; "), acknowledging: isAcknowledging)
}

private func signed(_ landing: Landing, _ signer: CommitSigner?) -> Approval {
  let reason: String
  switch signer ?? .unsigned {
  case .allowed(let name): return .approved(by: "\(name), signature of \(landing.commit.short)", acknowledging: false)
  case .unsigned: reason = "it landed with \(landing.commit.short), which is not signed"
  case .refused(let why): reason = "it landed with \(landing.commit.short): \(why)"
  }
  return .missing(
    reason,
    wayOut: "revert \(landing.commit.short), then land it again with a commit that an allowed signer signs: "
      + "git merge --no-ff -S, or git revert -S of the revert")
}

private func reviewed(_ landing: Landing, _ evidence: ApprovalEvidence, needed: Int) -> Approval {
  guard let pullRequest = evidence.pullRequest else {
    return .missing(
      "the forge knows of no merged pull request that brought \(landing.commit.short)",
      wayOut: "revert it and bring it by a pull request that is reviewed")
  }
  let name = "pull request \(pullRequest.id)"
  if evidence.isAsReviewed == false {
    return .missing(
      "\(landing.commit.short) brought something else than the head of \(name) has",
      wayOut: "revert it and merge what was reviewed")
  }
  // An early commit of a pull request belongs to it as well. Where the head cannot be looked at, only what the forge itself
  // made of it is known to be what was reviewed.
  if evidence.isAsReviewed == nil, pullRequest.mergeCommit != landing.commit {
    return .missing(
      "\(landing.commit.short) is not what the forge made of \(name), whose head is not known here",
      wayOut: "revert it, and merge it on the forge by a merge commit or a squash")
  }
  let people = pullRequest.reviews.filter { !$0.isBot && $0.mayApprove }
  let against = people.filter { $0.state == .changesRequested }.map(\.reviewer)
  if !against.isEmpty {
    return .missing(
      "\(list(against)) asked for changes in \(name)", wayOut: "have them approve it, or revert it")
  }
  let yes = people.filter { $0.state == .approved }
  let current = Set(yes.filter { $0.commit == pullRequest.head }.map(\.reviewer)).sorted()
  if current.count >= needed {
    return .approved(
      by: "\(list(current)), review of \(name)",
      acknowledging: pullRequest.labels.contains(acknowledgingLabel))
  }
  let stale = Set(yes.map(\.reviewer)).subtracting(current).sorted()
  let before = stale.isEmpty ? "" : "; \(list(stale)) approved before the last push, which does not count"
  return .missing(
    "\(name) has \(current.count) of \(needed) approving reviews of its head, \(pullRequest.head.short)\(before)",
    wayOut: "have it approved on the forge, which counts after the merge too, or revert it")
}

private func list(_ names: [String]) -> String {
  let shown = names.prefix(5).map { String($0.prefix(60)) }.joined(separator: ", ")
  return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
}

extension CommitID {
  /// The beginning, as people write it.
  package var short: String { String(text.prefix(10)) }
}
