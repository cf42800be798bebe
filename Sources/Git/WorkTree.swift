import CGit2
package import DriftCore
import Glibc

/// The repository that a person or a CI job works in, with its work tree. It is only read, on the thread that opened it;
/// no setting of it is obeyed and no hook of it runs. Errors are `GitError`.
package final class WorkTree {
  /// Where the work tree begins, without a slash at the end.
  package let folder: String
  private let repository: Handle
  private let database: Handle

  /// Larger files are no contracts.
  private static let mostBytes = 4 << 20

  /// Opens the repository that `path` lies in.
  package init(containing path: String) throws(GitError) {
    GitLibrary.start
    let activity = Activity("opening the repository", at: path)
    do {
      repository = try Handle(activity, free: git_repository_free) {
        git_repository_open_ext(&$0, path, 0, nil)
      }
    } catch {
      throw activity.error(
        .unusableRepository, "it is not in a git repository: \(error.finding)",
        wayOut: "run this in a clone of the contract repository")
    }
    guard let workdir = git_repository_workdir(repository.raw) else {
      throw activity.error(
        .unusableRepository, "the repository has no work tree", wayOut: "run this in a clone with one")
    }
    folder = withoutSlash(String(cString: workdir))
    let raw = repository.raw
    database = try Handle(activity, free: git_odb_free) { git_repository_odb(&$0, raw) }
  }

  /// The commit that a branch, a tag, an id or an expression such as `HEAD~2` names; nil where there is none.
  package func commit(named name: String) throws(GitError) -> CommitID? {
    let activity = Activity("looking up \"\(name)\"", at: folder)
    var object: OpaquePointer?
    let code = git_revparse_single(&object, repository.raw, name)
    if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue {
      git_error_clear()
      return nil
    }
    try activity.check(code)
    defer { git_object_free(object) }
    let commit = try Handle(activity, free: git_object_free) { git_object_peel(&$0, object, GIT_OBJECT_COMMIT) }
    return git_object_id(commit.raw).map { CommitID($0.pointee) }
  }

  /// Where two histories parted; nil where what is here shows nothing in common.
  package func mergeBase(of first: CommitID, and second: CommitID) throws(GitError) -> CommitID? {
    let activity = Activity("finding where \(first) and \(second) parted", at: folder)
    guard var one = git_oid(hexadecimal: first.text), var two = git_oid(hexadecimal: second.text) else {
      throw activity.error(.missingObject, "that is no commit id")
    }
    var base = git_oid()
    let code = git_merge_base(&base, repository.raw, &one, &two)
    if code == GIT_ENOTFOUND.rawValue {
      git_error_clear()
      return nil
    }
    try activity.check(code)
    return CommitID(base)
  }

  /// The files under a folder in a commit, by path from the repository's root. Links are left out.
  package func files(of commit: CommitID, under prefix: String) throws(GitError) -> [String: [UInt8]] {
    let activity = Activity("reading the files of \(commit)", at: folder)
    guard var id = git_oid(hexadecimal: commit.text) else {
      throw activity.error(.missingObject, "\"\(commit)\" is no commit id")
    }
    let found = try Handle(activity, free: git_commit_free) { git_commit_lookup(&$0, repository.raw, &id) }
    guard let tree = git_commit_tree_id(found.raw)?.pointee.objectID else {
      throw activity.error(.missingObject, "\(commit) has no tree")
    }
    let reader = TreeReader(database: database.raw, activity: activity)
    var files: [String: [UInt8]] = [:]
    for (path, blob) in try reader.files(of: tree) where path.hasPrefix(prefix + "/") {
      files[path] = try bytes(of: blob, activity)
    }
    return files
  }

  /// The files under a folder as they are on the disk now, by path from the repository's root. Links are left out, so
  /// that a branch cannot have other files of this machine read and shown.
  package func files(under prefix: String) throws(GitError) -> [String: [UInt8]] {
    let activity = Activity("reading the work tree", at: "\(folder)/\(prefix)")
    var files: [String: [UInt8]] = [:]
    try list(prefix, activity, into: &files)
    return files
  }

  private func list(
    _ path: String, _ activity: Activity, into files: inout [String: [UInt8]]
  ) throws(GitError) {
    guard let stream = fdopendir(openat(AT_FDCWD, "\(folder)/\(path)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
    else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name, name != ".", name != ".." else { continue }
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try list("\(path)/\(name)", activity, into: &files)
      case S_IFREG:
        if status.st_size > Self.mostBytes {
          throw activity.error(.badPath, "\(path)/\(name) is larger than \(Self.mostBytes >> 20) MB")
        }
        files["\(path)/\(name)"] = try read("\(folder)/\(path)/\(name)", activity)
      default: break
      }
    }
  }

  private func read(_ path: String, _ activity: Activity) throws(GitError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { throw activity.system(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw activity.system(path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      if bytes.count > Self.mostBytes { throw activity.error(.badPath, "\(path) grows while it is read") }
    }
  }

  private func bytes(of blob: BlobID, _ activity: Activity) throws(GitError) -> [UInt8] {
    guard var id = git_oid(hexadecimal: blob.text) else {
      throw activity.error(.missingObject, "\"\(blob)\" is no object id")
    }
    let object = try Handle(activity, free: git_odb_object_free) { git_odb_read(&$0, database.raw, &id) }
    return Array(
      UnsafeRawBufferPointer(start: git_odb_object_data(object.raw), count: git_odb_object_size(object.raw)))
  }
}
