import CGit2
import DriftCore

/// Refuses edits that git cannot make as they stand; returns the mode of each file, the one that it has where it exists.
func checkedModes(
  of edits: [FileEdit], in tree: OpaquePointer, _ activity: Activity
) throws(GitError) -> [git_filemode_t] {
  if edits.isEmpty { throw activity.error(.nothingToCommit, "the draft has no edits") }
  let paths = edits.map { Array($0.path.utf8) }
  let known = Set(paths)
  if known.count < paths.count {
    throw activity.error(.badPath, "a path is edited twice in one draft")
  }
  var modes: [git_filemode_t] = []
  for edit in edits {
    if let finding = finding(about: edit.path) {
      throw activity.error(.badPath, "\"\(edit.path)\" \(finding)")
    }
    for folder in folders(above: edit.path) {
      if known.contains(Array(folder.utf8)) {
        throw activity.error(
          .badPath, "\"\(folder)\" is a file of this draft and a folder above \"\(edit.path)\"")
      }
      let mode = try mode(of: folder, in: tree, activity)
      if let mode, mode != GIT_FILEMODE_TREE {
        throw activity.error(
          .badPath, "\"\(folder)\" is a file, so \"\(edit.path)\" cannot lie in it")
      }
    }
    let mode = try mode(of: edit.path, in: tree, activity)
    if mode == GIT_FILEMODE_TREE {
      throw activity.error(.badPath, "\"\(edit.path)\" is a folder")
    }
    if mode == nil, edit.bytes == nil {
      throw activity.error(
        .missingPath, "\"\(edit.path)\" is not there, so it cannot be removed",
        wayOut: "fetch and draft again")
    }
    modes.append(mode == GIT_FILEMODE_BLOB_EXECUTABLE ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB)
  }
  return modes
}

private func mode(
  of path: String, in tree: OpaquePointer, _ activity: Activity
) throws(GitError) -> git_filemode_t? {
  var entry: OpaquePointer?
  let code = git_tree_entry_bypath(&entry, tree, path)
  if code == GIT_ENOTFOUND.rawValue {
    git_error_clear()
    return nil
  }
  try activity.check(code)
  defer { git_tree_entry_free(entry) }
  return git_tree_entry_filemode(entry)
}

private func folders(above path: String) -> [String] {
  path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
}

/// What is wrong with a path; nil where nothing is.
private func finding(about path: String) -> String? {
  if path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "holds control characters" }
  if path.utf8.count > 4_000 { return "is too long" }
  for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
    let name = String(decoding: part, as: UTF8.self)
    if name.isEmpty { return "has an empty part" }
    if name == "." || name == ".." { return "leads out of its folder" }
    if name.lowercased() == ".git" { return "would lie in git's own folder" }
    if part.count > 255 { return "has a part of more than 255 bytes" }
  }
  return nil
}
