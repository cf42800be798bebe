import CGit2
package import DriftCore
import Glibc

extension GitRepository {
  /// One pack for all of them, one sync to the disk.
  package func commit(
    _ drafts: [CommitDraft]
  ) async throws -> [Result<(id: CommitID, patch: [UInt8]), any Error>] {
    try locked("making commits") { session, activity in
      let clone = session.clone
      return try clone.writing { () throws(GitError) in
        var new: [ObjectID] = []
        let made = drafts.map { draft -> Result<(id: CommitID, patch: [UInt8]), any Error> in
          do {
            let written = try write(draft, in: session, Activity("making a commit on \(draft.base)", at: address.text))
            new += written.objects.filter(clone.isNew)
            return .success((CommitID(written.id), written.patch))
          } catch {
            return .failure(error)
          }
        }
        try clone.pack(new, into: session.remote.sharedObjects, activity)
        return made
      }
    }
  }

  /// The commit, what it has beyond its base, and its patch; all of it in memory.
  private func write(
    _ draft: CommitDraft, in session: Session, _ activity: Activity
  ) throws(GitError) -> (id: git_oid, objects: [ObjectID], patch: [UInt8]) {
    let clone = session.clone
    let base = try commit(draft.base, in: session, activity)
    let oldTree = try tree(of: base)
    let newTree = try write(draft.edits, onto: base, in: clone, activity)
    var id = try write(message: draft.message, tree: newTree, onto: base, in: clone, activity)
    let reader = TreeReader(database: clone.database.raw, activity: activity)
    let objects = try reader.objects(of: newTree, beyond: oldTree)
    let made = try Handle(activity, free: git_commit_free) {
      git_commit_lookup(&$0, clone.repository.raw, &id)
    }
    let patch = try mailPatch(of: made.raw, base: base.raw, in: clone.repository.raw, activity)
    return (id, [id.objectID] + objects, patch)
  }

  private func write(
    _ edits: [FileEdit], onto base: Handle, in clone: Clone, _ activity: Activity
  ) throws(GitError) -> ObjectID {
    let tree = try Handle(activity, free: git_tree_free) { git_commit_tree(&$0, base.raw) }
    let modes = try checkedModes(of: edits, in: tree.raw, activity)
    var updates: [git_tree_update] = []
    defer { for update in updates { Glibc.free(UnsafeMutablePointer(mutating: update.path)) } }
    for (edit, mode) in zip(edits, modes) {
      var update = git_tree_update()
      update.action = edit.bytes == nil ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT
      update.filemode = mode
      if let bytes = edit.bytes {
        try activity.check(
          git_blob_create_from_buffer(&update.id, clone.repository.raw, bytes, bytes.count))
      }
      update.path = UnsafePointer(strdup(edit.path))
      updates.append(update)
    }
    var id = git_oid()
    try activity.check(
      git_tree_create_updated(&id, clone.repository.raw, tree.raw, updates.count, updates))
    if git_oid_equal(&id, git_tree_id(tree.raw)) == 1 {
      throw activity.error(.nothingToCommit, "the edits leave every file as it was")
    }
    return id.objectID
  }

  private func write(
    message: String, tree: ObjectID, onto base: Handle, in clone: Clone, _ activity: Activity
  ) throws(GitError) -> git_oid {
    var treeID = tree.git
    let newTree = try Handle(activity, free: git_tree_free) {
      git_tree_lookup(&$0, clone.repository.raw, &treeID)
    }
    guard let baseID = git_commit_id(base.raw) else {
      throw activity.error(.missingObject, "the base has no id")
    }
    let signature = try author.signature(at: git_commit_time(base.raw), activity)
    let text = commitMessage(
      message, parent: baseID.pointee.hexadecimal, tree: tree.hexadecimal)
    var parents: [OpaquePointer?] = [base.raw]
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    let code = parents.withUnsafeMutableBufferPointer {
      git_commit_create_buffer(
        &buffer, clone.repository.raw, signature.raw, signature.raw, nil, text, newTree.raw, 1, $0.baseAddress)
    }
    try activity.check(code)
    let bytes = Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
    var id = git_oid()
    try activity.check(
      git_commit_create_with_signature(
        &id, clone.repository.raw, buffer.ptr, signingKey?.signature(of: bytes), nil))
    return id
  }
}
