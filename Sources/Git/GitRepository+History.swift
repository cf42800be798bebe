import CGit2
package import DriftCore
import Glibc

extension GitRepository: ProtectedHistory {
  /// First-parent commits that are looked through for a landing.
  private static let deepestLanding = 50_000

  package func landings(of paths: [String], at tip: CommitID) async throws -> [String: Landing] {
    try locked("looking for the commits that landed changes") { session, activity in
      var search = LandingSearch()
      var places = PathSearch(paths)
      let repository = session.clone.repository.raw
      var commit = try self.commit(tip, in: session, activity)
      search.see(tip, objects: try places.objects(in: tree(of: commit, activity), of: repository, activity))
      for _ in 0..<Self.deepestLanding where !search.isFinished {
        guard let parent = git_commit_parent_id(commit.raw, 0)?.pointee else {
          search.reachRoot()
          break
        }
        commit = try self.commit(parent, in: session, activity)
        search.see(
          CommitID(parent), objects: try places.objects(in: tree(of: commit, activity), of: repository, activity))
      }
      return search.landings
    }
  }

  package func signer(of commit: CommitID) async throws -> CommitSigner {
    guard let allowedSigners else {
      return .refused("nobody has said who may sign: name the file of allowed signers with --allowed-signers")
    }
    return try locked("reading the signature of \(commit)") { session, activity in
      guard var id = git_oid(hexadecimal: commit.text) else {
        throw activity.error(.missingObject, "\"\(commit)\" is no commit id")
      }
      var object: OpaquePointer?
      try activity.check(git_odb_read(&object, session.clone.database.raw, &id))
      defer { git_odb_object_free(object) }
      guard git_odb_object_type(object) == GIT_OBJECT_COMMIT else {
        throw activity.error(.missingObject, "\(commit) is no commit")
      }
      let bytes = Array(
        UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
      return Git.signer(
        of: bytes, among: allowedSigners, own: signingKey.map { [$0.publicBlob] } ?? [],
        now: Timestamp(microseconds: Int64(time(nil)) * 1_000_000))
    }
  }

  package func isSame(_ path: String, in one: CommitID, as other: CommitID) async throws -> Bool? {
    try locked("comparing \(path)") { session, activity in
      var found: [String?] = []
      for commit in [one, other] {
        guard var id = git_oid(hexadecimal: commit.text), git_odb_exists(session.clone.database.raw, &id) == 1 else {
          return nil
        }
        var place = PathSearch([path])
        let tree = try tree(of: self.commit(id, in: session, activity), activity)
        found.append(try place.objects(in: tree, of: session.clone.repository.raw, activity)[path])
      }
      return found[0] == found[1]
    }
  }

  /// Whether `old` is `new` or lies in its history. A protected branch whose old tip is no ancestor of the new one was
  /// rewritten; so was one whose old tip is gone.
  package func isAncestor(_ old: CommitID, of new: CommitID) async throws -> Bool {
    try locked("comparing \(old) with \(new)") { session, activity in
      let newer = try commit(new, in: session, activity)
      guard var oldID = git_oid(hexadecimal: old.text),
        git_odb_exists(session.clone.database.raw, &oldID) == 1
      else { return false }
      if old == new { return true }
      let code = git_graph_descendant_of(
        session.clone.repository.raw, git_commit_id(newer.raw), &oldID)
      try activity.check(code)
      return code == 1
    }
  }

  private func tree(of commit: Handle, _ activity: Activity) throws(GitError) -> Handle {
    try Handle(activity, free: git_tree_free) { git_commit_tree(&$0, commit.raw) }
  }
}
