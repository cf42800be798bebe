import CGit2
package import DriftCore

extension GitRepository {
  /// The commit that an id, a branch, a tag or an expression such as `main~2` names in the clone; nil where there is none.
  package func commit(named name: String) async throws -> CommitID? {
    try locked("looking up \"\(name)\"") { session, activity in
      var object: OpaquePointer?
      let code = git_revparse_single(&object, session.clone.repository.raw, name)
      if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue {
        git_error_clear()
        return nil
      }
      try activity.check(code)
      defer { git_object_free(object) }
      let commit = try Handle(activity, free: git_commit_free) { git_object_peel(&$0, object, GIT_OBJECT_COMMIT) }
      return git_commit_id(commit.raw).map { CommitID($0.pointee) }
    }
  }
}
