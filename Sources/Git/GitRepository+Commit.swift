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
    guard let baseID = git_commit_id(base.raw)?.pointee else {
      throw activity.error(.missingObject, "the base has no id")
    }
    let oldTree = try Handle(activity, free: git_tree_free) { git_commit_tree(&$0, base.raw) }
    let newTree = try write(draft.edits, onto: oldTree, in: clone, activity)
    let text = commitMessage(draft.message, parent: baseID.hexadecimal, tree: newTree.hexadecimal)
    var id = try write(text, tree: newTree, parent: base, at: git_commit_time(base.raw), in: clone, activity)
    let reader = TreeReader(database: clone.database.raw, activity: activity)
    let objects = try reader.objects(of: newTree, beyond: try tree(of: base))
    let made = try Handle(activity, free: git_commit_free) {
      git_commit_lookup(&$0, clone.repository.raw, &id)
    }
    let patch = try mailPatch(of: made.raw, base: base.raw, in: clone.repository.raw, activity)
    return (id, [id.objectID] + objects, patch)
  }

  package func refusals() async throws -> RepositoryTree? {
    try locked("reading branch \(refusalsBranch)") { session, activity in
      guard let tip = try session.clone.remembered(activity)[refusalsBranch] else { return nil }
      let reader = TreeReader(database: session.clone.database.raw, activity: activity)
      return RepositoryTree(
        commit: CommitID(tip), files: try reader.files(of: tree(of: commit(tip, in: session, activity))))
    }
  }

  package func commitRefusals(
    _ edits: [FileEdit], message: String, onto tip: CommitID?, at time: Timestamp
  ) async throws -> CommitID {
    try locked("making a commit for branch \(refusalsBranch)") { session, activity in
      let clone = session.clone
      let parent = try tip.map { try commit($0, in: session, activity) }
      return try clone.writing { () throws(GitError) in
        let oldTree = try Handle(activity, free: git_tree_free) { raw in
          parent.map { git_commit_tree(&raw, $0.raw) } ?? emptyTree(&raw, in: clone.repository.raw)
        }
        let newTree = try write(edits, onto: oldTree, in: clone, activity)
        let commit = try write(
          sanitized(message) + "\n", tree: newTree, parent: parent, at: git_time_t(time.seconds), in: clone, activity)
        try pack(
          commit, newTree, beyond: try parent.map { parent throws(GitError) in try tree(of: parent) }, in: session,
          activity)
        return CommitID(commit)
      }
    }
  }

  private func pack(
    _ commit: git_oid, _ tree: ObjectID, beyond old: ObjectID?, in session: Session, _ activity: Activity
  ) throws(GitError) {
    let clone = session.clone
    let reader = TreeReader(database: clone.database.raw, activity: activity)
    let objects = try reader.objects(of: tree, beyond: old)
    try clone.pack(([commit.objectID] + objects).filter(clone.isNew), into: session.remote.sharedObjects, activity)
  }

  private func write(
    _ edits: [FileEdit], onto tree: Handle, in clone: Clone, _ activity: Activity
  ) throws(GitError) -> ObjectID {
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
    _ message: String, tree: ObjectID, parent: Handle?, at time: git_time_t, in clone: Clone, _ activity: Activity
  ) throws(GitError) -> git_oid {
    var treeID = tree.git
    let newTree = try Handle(activity, free: git_tree_free) {
      git_tree_lookup(&$0, clone.repository.raw, &treeID)
    }
    let signature = try author.signature(at: time, activity)
    var parents: [OpaquePointer?] = parent.map { [$0.raw] } ?? []
    let count = parents.count
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    let code = parents.withUnsafeMutableBufferPointer {
      git_commit_create_buffer(
        &buffer, clone.repository.raw, signature.raw, signature.raw, nil, message, newTree.raw, count, $0.baseAddress)
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

private func emptyTree(_ tree: inout OpaquePointer?, in repository: OpaquePointer) -> Int32 {
  var builder: OpaquePointer?
  var id = git_oid()
  var code = git_treebuilder_new(&builder, repository, nil)
  defer { git_treebuilder_free(builder) }
  if code == 0 { code = git_treebuilder_write(&id, builder) }
  return code == 0 ? git_tree_lookup(&tree, repository, &id) : code
}
