import CGit2
import DriftCore
import Files
import Glibc

/// Where the commits of a push to a git host are named while it runs.
package let pushedReferences = "refs/mooring/out"

/// Our bare clone: remembers the remote's branches and holds commits that were not pushed yet. Everything else it shares
/// with the remote, whose object folder it names as an alternate.
final class Clone {
  let repository: Handle
  let database: Handle
  let folder: String
  /// Takes what is written, so that a commit reaches the disk as one pack or not at all. Owned by `database`.
  private let memory: UnsafeMutablePointer<git_odb_backend>

  static let references = "refs/remotes/origin/"

  /// Seconds after which a pack that was made and never pushed is thrown away: the same draft makes it again.
  private static let unpushedAge = 24 * 3_600

  /// Opens the clone, which is made first where there is none. The caller holds its lock.
  ///
  /// - Parameters:
  ///   - address: what the clone is a clone of.
  ///   - objects: the object folder of the remote, or of a copy of it.
  init(
    folder: String, of address: String, objects: String, _ activity: Activity
  ) throws(GitError) {
    self.folder = folder
    if objects.contains("\n") {
      throw activity.error(.unusableRepository, "its path has a line break")
    }
    if access("\(folder)/config", F_OK) == 0 {
      try Self.checkRemote(folder, address, activity)
    } else {
      try Self.make(folder, of: address, objects: objects, activity)
    }
    let repository = try Handle(activity, free: git_repository_free) {
      git_repository_open_bare(&$0, folder)
    }
    self.repository = repository
    let database = try Handle(activity, free: git_odb_free) {
      git_repository_odb(&$0, repository.raw)
    }
    self.database = database
    var memory: UnsafeMutablePointer<git_odb_backend>?
    try activity.check(git_mempack_new(&memory))
    guard let memory else { throw activity.error(.unusableRepository, "libgit2 gave nothing") }
    self.memory = memory
    let first: Int32 = 999
    try activity.check(git_odb_add_backend(database.raw, memory, first))
    removeUnpushed()
  }

  /// Makes the repository. Its settings come last and are what tells a whole clone from a half-made one.
  static func make(
    _ folder: String, of address: String, objects: String?, _ activity: Activity
  ) throws(GitError) {
    for part in ["objects", "objects/info", "objects/pack", "refs", "refs/heads"] {
      try makeFolder("\(folder)/\(part)", activity)
    }
    try write("ref: refs/heads/main\n", to: "\(folder)/HEAD", activity)
    if let objects { try write("\(objects)\n", to: "\(folder)/objects/info/alternates", activity) }
    let settings = """
      [core]
      \trepositoryformatversion = 0
      \tfilemode = true
      \tbare = true
      \tlogAllRefUpdates = true
      [remote "origin"]
      \turl = \(quoted(address))

      """
    try write(settings, to: "\(folder)/config", activity)
  }

  private static func checkRemote(
    _ folder: String, _ address: String, _ activity: Activity
  ) throws(GitError) {
    let repository = try Handle(activity, free: git_repository_free) {
      git_repository_open_bare(&$0, folder)
    }
    let url = configured("remote.origin.url", in: repository.raw)
    if url == address { return }
    throw activity.error(
      .cloneOfAnotherRemote, "\(folder) is a clone of \(url ?? "nothing that Mooring knows")",
      wayOut: "give another folder, or delete this one: Mooring makes it anew")
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }

  // MARK: - Branches of the remote, as fetched

  /// Remembers a branch of the remote at `tip`; nil forgets it.
  func remember(_ branch: String, at tip: git_oid?, _ activity: Activity) throws(GitError) {
    let name = Self.references + branch
    guard var tip else {
      let code = git_reference_remove(repository.raw, name)
      return code == GIT_ENOTFOUND.rawValue ? () : try activity.check(code)
    }
    var reference: OpaquePointer?
    defer { git_reference_free(reference) }
    try activity.check(
      git_reference_create(&reference, repository.raw, name, &tip, 1, "mooring: fetch"))
  }

  /// The branches that were remembered, those under `mooring/` and the protected one.
  func remembered(_ activity: Activity) throws(GitError) -> [String: git_oid] {
    let iterator = try Handle(activity, free: git_reference_iterator_free) {
      git_reference_iterator_glob_new(&$0, repository.raw, Self.references + "*")
    }
    var tips: [String: git_oid] = [:]
    while true {
      var reference: OpaquePointer?
      let code = git_reference_next(&reference, iterator.raw)
      if code == GIT_ITEROVER.rawValue { return tips }
      try activity.check(code)
      defer { git_reference_free(reference) }
      guard let id = git_reference_target(reference), let name = git_reference_name(reference)
      else { continue }
      tips[String(cString: name.advanced(by: Self.references.utf8.count))] = id.pointee
    }
  }

  // MARK: - Objects

  /// Runs work that writes objects. They stay in memory; what `pack` did not write is gone afterwards.
  func writing<Value>(_ work: () throws(GitError) -> Value) throws(GitError) -> Value {
    defer { git_mempack_reset(memory) }
    return try work()
  }

  /// Whether the object is new: written by the work of now, and in no pack or file yet.
  func isNew(_ id: ObjectID) -> Bool {
    var id = id.git
    guard let exists = memory.pointee.exists else { return false }
    return exists(memory, &id) == 1
  }

  /// Writes the objects into one pack, here or in the object folder of the remote, and syncs it to the disk.
  func pack(
    _ objects: [ObjectID], into objectFolder: String? = nil, _ activity: Activity
  ) throws(GitError) {
    if objects.isEmpty { return }
    let builder = try Handle(activity, free: git_packbuilder_free) {
      git_packbuilder_new(&$0, repository.raw)
    }
    _ = git_packbuilder_set_threads(builder.raw, 1)
    for object in objects {
      var id = object.git
      try activity.check(git_packbuilder_insert(builder.raw, &id, nil))
    }
    try activity.check(
      git_packbuilder_write(builder.raw, "\(objectFolder ?? "\(folder)/objects")/pack", 0, nil, nil))
  }

  // MARK: - What a kill leaves

  /// Removes lock files and half-written files of the last holder of the clone's lock, who died.
  static func sweep(_ folder: String) {
    for name in folderEntries(folder) where name.hasSuffix(".lock") && name != "mooring.lock" {
      unlink("\(folder)/\(name)")
    }
    removeLocks(under: "\(folder)/refs")
    for name in folderEntries("\(folder)/\(pushedReferences)") { unlink("\(folder)/\(pushedReferences)/\(name)") }
    removeLocks(under: "\(folder)/logs")
    for part in ["objects", "objects/pack"] {
      for name in folderEntries("\(folder)/\(part)") {
        let isHalfWritten = ["tmp_", "pack_git2_"].contains { name.hasPrefix($0) }
        if isHalfWritten || name.hasSuffix(".tmp") { unlink("\(folder)/\(part)/\(name)") }
      }
    }
  }

  private static func removeLocks(under folder: String) {
    for name in folderEntries(folder) {
      let path = "\(folder)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        removeLocks(under: path)
      } else if name.hasSuffix(".lock") {
        unlink(path)
      }
    }
  }

  private func removeUnpushed() {
    let packs = "\(folder)/objects/pack"
    for name in folderEntries(packs) {
      var status = stat()
      if lstat("\(packs)/\(name)", &status) == 0,
        time(nil) - status.st_mtim.tv_sec > Self.unpushedAge
      {
        unlink("\(packs)/\(name)")
      }
    }
  }
}

// MARK: - Files

/// The names in a folder, sorted; none where there is no such folder.
func folderEntries(_ folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

func makeFolder(_ path: String, _ activity: Activity) throws(GitError) {
  if mkdir(path, 0o700) != 0 && errno != EEXIST { throw activity.system(path) }
}

private func write(_ text: String, to path: String, _ activity: Activity) throws(GitError) {
  do throws(DiskError) {
    try writeDurably(Array(text.utf8), to: path, beside: "\(path).tmp", mode: 0o600)
  } catch {
    throw activity.system(path, error.number)
  }
}
