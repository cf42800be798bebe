/// The history of the protected branch: how things came there, and by whose hand.
package protocol ProtectedHistory: Sendable {
  /// The landing of each path, a file or a folder, that a commit of the protected branch has; absent where it lies further
  /// back than is looked.
  func landings(of paths: [String], at tip: CommitID) async throws -> [String: Landing]
  /// Who signed a commit.
  func signer(of commit: CommitID) async throws -> CommitSigner
  /// Whether a file or folder, or that there is none, is the same in two commits; nil where one of them is not known here.
  func isSame(_ path: String, in one: CommitID, as other: CommitID) async throws -> Bool?
  /// Whether `old` is `new` or lies in its history. False where `old` is not known any more.
  func isAncestor(_ old: CommitID, of new: CommitID) async throws -> Bool
}

/// A commit's signature, held against the allowed signers.
package enum CommitSigner: Hashable, Sendable {
  /// As the file of allowed signers names them.
  case allowed(String)
  case unsigned
  /// There is a signature and it does not count, in words.
  case refused(String)
}
