import CGit2
import DriftCore

/// The commit in mail format, with the base that it applies to. The text does not depend on libgit2's version.
func mailPatch(
  of commit: OpaquePointer, base: OpaquePointer, in repository: OpaquePointer, _ activity: Activity
) throws(GitError) -> [UInt8] {
  let oldTree = try Handle(activity, free: git_tree_free) { git_commit_tree(&$0, base) }
  let newTree = try Handle(activity, free: git_tree_free) { git_commit_tree(&$0, commit) }
  var options = git_diff_options()
  git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
  options.flags = GIT_DIFF_SHOW_BINARY.rawValue
  let diff = try Handle(activity, free: git_diff_free) {
    git_diff_tree_to_tree(&$0, repository, oldTree.raw, newTree.raw, &options)
  }
  try sendCarriageReturnsAsBinary(diff.raw, in: repository, activity)

  var email = cgit2_email_options()
  email.flags =
    GIT_EMAIL_CREATE_OMIT_NUMBERS.rawValue | GIT_EMAIL_CREATE_NO_RENAMES.rawValue
  var buffer = git_buf()
  defer { git_buf_dispose(&buffer) }
  try activity.check(
    git_email_create_from_diff(
      &buffer, diff.raw, 1, 1, git_commit_id(commit), git_commit_summary(commit),
      git_commit_body(commit), git_commit_author(commit), &email))
  var text = Array(
    UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
  cutSignature(&text)
  guard let parent = git_commit_id(base) else { return text }
  text += Array("\nbase-commit: \(parent.pointee.hexadecimal)\n-- \nMooring\n\n".utf8)
  return text
}

/// `git am` takes carriage returns off the ends of lines, so a file that has one there travels in the binary form.
private func sendCarriageReturnsAsBinary(
  _ diff: OpaquePointer, in repository: OpaquePointer, _ activity: Activity
) throws(GitError) {
  for index in 0..<git_diff_num_deltas(diff) {
    guard let delta = UnsafeMutablePointer(mutating: git_diff_get_delta(diff, index)) else {
      continue
    }
    let old = try endsLinesWithReturn(delta.pointee.old_file, in: repository, activity)
    let new = try endsLinesWithReturn(delta.pointee.new_file, in: repository, activity)
    if old || new {
      delta.pointee.flags |= GIT_DIFF_FLAG_BINARY.rawValue
      delta.pointee.old_file.flags |= GIT_DIFF_FLAG_BINARY.rawValue
      delta.pointee.new_file.flags |= GIT_DIFF_FLAG_BINARY.rawValue
    }
  }
}

private func endsLinesWithReturn(
  _ file: git_diff_file, in repository: OpaquePointer, _ activity: Activity
) throws(GitError) -> Bool {
  var id = file.id
  if git_oid_is_zero(&id) == 1 { return false }
  let blob = try Handle(activity, free: git_blob_free) { git_blob_lookup(&$0, repository, &id) }
  let bytes = UnsafeRawBufferPointer(
    start: git_blob_rawcontent(blob.raw), count: Int(git_blob_rawsize(blob.raw)))
  if bytes.last == 0x0D { return true }
  return zip(bytes, bytes.dropFirst()).contains { $0 == 0x0D && $1 == 0x0A }
}

/// Takes the library's name and version off the end: `--`, a line with both, a blank line.
private func cutSignature(_ text: inout [UInt8]) {
  let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
  let mark = Array("libgit2 ".utf8)
  guard
    let last = lines.lastIndex(where: { $0.starts(with: mark) }), last > 0,
    lines[last - 1].elementsEqual("--".utf8) || lines[last - 1].elementsEqual("-- ".utf8),
    lines[(last + 1)...].allSatisfy({ $0.isEmpty })
  else { return }
  text.removeSubrange(lines[last - 1].startIndex...)
}
