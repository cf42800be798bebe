/// The team's contract repository, reached through a bare clone of our own. No work tree, and the protected branch is
/// never moved.
package protocol ContractRepository: Sendable {
  /// Brings the clone up to date with the remote; returns the tip of the protected branch.
  func fetch() async throws -> CommitID
  /// Every file of a commit.
  func tree(of commit: CommitID) async throws -> RepositoryTree
  func blobs(_ ids: [BlobID]) async throws -> [BlobID: [UInt8]]
  /// Branches under `mooring/`, as of the last fetch, sorted by name.
  func branches() async throws -> [Branch]
  /// Makes commits without moving any branch, all of them durable at once; for each, in order, the commit and its patch in
  /// mail format, or why there is none.
  func commit(_ drafts: [CommitDraft]) async throws -> [Result<(id: CommitID, patch: [UInt8]), any Error>]
  /// Moves remote branches, all in one go; one outcome for each update, in order.
  func push(_ updates: [RefUpdate]) async throws -> [RefOutcome]
}

extension ContractRepository {
  /// Makes one commit.
  package func commit(_ draft: CommitDraft) async throws -> (id: CommitID, patch: [UInt8]) {
    let made = try await commit([draft])
    precondition(made.count == 1, "one draft, \(made.count) answers")
    return try made[0].get()
  }
}
