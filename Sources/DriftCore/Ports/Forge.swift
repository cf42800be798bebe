/// Where pull requests live. Whether a change is merged is not asked here: the tree of the protected branch says that.
package protocol Forge: AutoMerger, CommitBoard, DashboardBoard {
  /// All of ours, open and refused, in one bulk list.
  func pullRequests() async throws -> [PullRequest]
  /// How refused ones came to be closed, by id, where the list cannot tell who did it.
  func closings(of ids: [String]) async throws -> [String: Closing]
  /// Opens a pull request, or finds the open one that the branch already has and updates it.
  func open(_ draft: PullRequestDraft) async throws -> PullRequest
  func update(_ id: String, to draft: PullRequestDraft) async throws -> PullRequest
  /// Closes one that is no longer needed, saying why. This is not a refusal.
  func close(_ id: String, because reason: String) async throws
  /// Closes one as a person's "no" to its findings; the list tells how from then on.
  func refuse(_ id: String, as closing: Closing) async throws
  /// Takes a person's "no" back: the findings of this refused one may be proposed again. Nothing happens to one that is open.
  func lift(_ id: String) async throws
  /// Writes the comment for one purpose, or over the one that is there; open, closed and merged ones take it.
  func comment(on id: String, _ purpose: CommentPurpose, _ text: Markdown) async throws
}
