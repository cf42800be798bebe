/// What a forge knows of the commits of the protected branch, and what it shows beside them.
package protocol CommitBoard: Sendable {
  /// The pull request whose merge brought a commit to the protected branch, whoever opened it; nil where the forge knows of none.
  ///
  /// Costs requests of its own: asked only for a commit that needs it.
  func merged(_ landing: CommitID, into base: String) async throws -> MergedPullRequest?
  /// Sets the status of one context; writes nothing where it is so already.
  func set(_ status: CommitStatus, on commit: CommitID) async throws -> StatusOutcome
}
