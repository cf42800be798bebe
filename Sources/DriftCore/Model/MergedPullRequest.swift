/// A pull request that was merged, with what people said of it.
package struct MergedPullRequest: Hashable, Sendable {
  /// The forge's own id, as in `PullRequest`.
  package var id: String
  package var branch: String
  /// Tip of the branch that was merged.
  package var head: CommitID
  /// What the forge made of it on the protected branch: the merge, the squash or the last commit of a rebase. Nil where it
  /// does not say.
  package var mergeCommit: CommitID?
  /// Nil where the forge does not say, or the account is gone.
  package var mergedBy: String?
  package var mergedAt: Timestamp?
  /// Sorted.
  package var labels: [String]
  /// One for each person who said yes or no: the last of theirs; sorted by name.
  package var reviews: [Review]

  package init(
    id: String, branch: String, head: CommitID, mergeCommit: CommitID?, mergedBy: String?, mergedAt: Timestamp?,
    labels: [String], reviews: [Review]
  ) {
    self.id = id
    self.branch = branch
    self.head = head
    self.mergeCommit = mergeCommit
    self.mergedBy = mergedBy
    self.mergedAt = mergedAt
    self.labels = labels
    self.reviews = reviews
  }
}

/// What one person said of a pull request last. Comments say nothing, so they are none.
package struct Review: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case approved, changesRequested
    /// Taken back, by whoever may.
    case dismissed
  }

  package var reviewer: String
  package var state: State
  /// Tip of the branch that it was about; nil where the forge does not say, or says that the branch moved since.
  package var commit: CommitID?
  /// A program's account, Mooring's own among them.
  package var isBot: Bool
  /// May write to the repository, and did not open the pull request.
  package var mayApprove: Bool

  package init(reviewer: String, state: State, commit: CommitID?, isBot: Bool, mayApprove: Bool) {
    self.reviewer = reviewer
    self.state = state
    self.commit = commit
    self.isBot = isBot
    self.mayApprove = mayApprove
  }
}
