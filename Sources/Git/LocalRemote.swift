import CGit2
import DriftCore
import Glibc

/// A remote that is a folder on this machine: a bare repository, or one with a work tree. Its objects are shared, its
/// branches are moved under git's own locks, and its index and work tree are never touched.
final class LocalRemote {
  let repository: Handle
  let database: Handle
  /// The folder that holds `objects` and `refs`, also for a linked work tree.
  let folder: String

  private static let lockAttempts = 50
  private static let lockPause: useconds_t = 20_000
  private static let staleLockAge = 600

  init(path: String, author: Identity, _ activity: Activity) throws(GitError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw activity.error(
        .unusableRepository, "there is no such folder",
        wayOut: "give the path of a bare repository or of a working copy on this machine")
    }
    try checkOwner(of: path, activity)
    let repository: Handle
    do {
      repository = try Handle(activity, free: git_repository_free) {
        git_repository_open_ext(&$0, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
      }
    } catch {
      throw activity.error(
        .unusableRepository, "it cannot be opened as a git repository: \(error.finding)",
        wayOut: "run `git -C \(path) status` to see what git says")
    }
    self.repository = repository
    guard let common = git_repository_commondir(repository.raw) else {
      throw activity.error(.unusableRepository, "the repository has no folder")
    }
    folder = withoutSlash(String(cString: common))
    try checkOwner(of: folder, activity)
    try refuseUnusualFormats(repository.raw, activity)
    try activity.check(git_repository_set_ident(repository.raw, author.name, author.email))
    database = try Handle(activity, free: git_odb_free) { git_repository_odb(&$0, repository.raw) }
  }

  /// Tips of the branches at or under `pattern`, such as `refs/heads/mooring/*`, without `refs/heads/`.
  func branches(matching pattern: String, _ activity: Activity) throws(GitError) -> [String:
    git_oid]
  {
    let iterator = try Handle(activity, free: git_reference_iterator_free) {
      git_reference_iterator_glob_new(&$0, repository.raw, pattern)
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
      tips[String(cString: name.advanced(by: "refs/heads/".utf8.count))] = id.pointee
    }
  }

  /// The tip of a branch; nil where there is none, or where the name only points at another branch.
  func tip(of branch: String, _ activity: Activity) throws(GitError) -> git_oid? {
    var id = git_oid()
    var reference: OpaquePointer?
    let code = git_reference_lookup(&reference, repository.raw, "refs/heads/\(branch)")
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try activity.check(code)
    defer { git_reference_free(reference) }
    guard let target = git_reference_target(reference) else { return nil }
    id = target.pointee
    return id
  }

  /// The protected branch and ours, and the others where the protected one is missing.
  func branches(protected branch: String, _ activity: Activity) throws(GitError) -> RemoteBranches {
    var tips = try branches(matching: "refs/heads/\(branchPrefix)*", activity)
    tips[refusalsBranch] = try tip(of: refusalsBranch, activity)
    guard let tip = try tip(of: branch, activity) else {
      let others = try branches(matching: "refs/heads/*", activity).keys
        .filter { !isBranchOfOurs($0) }
      return RemoteBranches(tips: tips, others: others.sorted())
    }
    tips[branch] = tip
    return RemoteBranches(tips: tips, others: [])
  }

  /// Moves one branch if it is still where the update expects it.
  ///
  /// `isOurs` tells whether an id found in a lock that somebody left is that of a commit of ours.
  func move(
    _ update: RefUpdate, _ activity: Activity, isOurs: (git_oid) -> Bool
  ) throws(GitError) -> RefOutcome {
    for attempt in 1...Self.lockAttempts {
      let found = try tip(of: update.branch, activity).map { CommitID($0) }
      // A push whose answer was lost has done its work.
      if found == update.target { return .updated }
      guard found == update.expected else { return .leaseLost(found: found) }
      if let refusal = try refusal(of: update, activity) { return .refused(refusal) }

      let code = update.target == nil ? delete(update) : create(update)
      switch git_error_code(rawValue: code) {
      case GIT_OK: return .updated
      case GIT_ELOCKED:
        if attempt == Self.lockAttempts { return .refused(lockRefusal(update.branch)) }
        if !sweepLock(of: update.branch, isOurs: isOurs) { usleep(Self.lockPause) }
      case GIT_EMODIFIED, GIT_EEXISTS, GIT_ENOTFOUND:
        return .leaseLost(found: try tip(of: update.branch, activity).map { CommitID($0) })
      default:
        let error = activity.library(code)
        // The branch may have moved before something after it went wrong, such as its log.
        if try tip(of: update.branch, activity).map({ CommitID($0) }) == update.target {
          return .updated
        }
        return .refused(error.finding)
      }
    }
    return .refused(lockRefusal(update.branch))
  }

  private func create(_ update: RefUpdate) -> Int32 {
    guard var target = update.target.flatMap({ git_oid(hexadecimal: $0.text) }) else {
      return GIT_EINVALIDSPEC.rawValue
    }
    var expected = update.expected.flatMap { git_oid(hexadecimal: $0.text) } ?? git_oid()
    var reference: OpaquePointer?
    defer { git_reference_free(reference) }
    return git_reference_create_matching(
      &reference, repository.raw, "refs/heads/\(update.branch)", &target, 1, &expected,
      "mooring: push")
  }

  private func delete(_ update: RefUpdate) -> Int32 {
    var reference: OpaquePointer?
    let code = git_reference_lookup(&reference, repository.raw, "refs/heads/\(update.branch)")
    if code < 0 { return code }
    defer { git_reference_free(reference) }
    guard let tip = git_reference_target(reference),
      tip.pointee.hexadecimal == update.expected?.text
    else { return GIT_EMODIFIED.rawValue }
    return git_reference_delete(reference)
  }

  /// What git would refuse on the receiving side, in words; nil where nothing speaks against the move.
  private func refusal(of update: RefUpdate, _ activity: Activity) throws(GitError) -> String? {
    if let hook = hook() {
      return
        "the repository has a hook, \(hook), which may refuse branches and which Mooring does not run; "
        + "disable it, or let Mooring push through a git host"
    }
    let name = "refs/heads/\(update.branch)"
    var reference: OpaquePointer?
    let code = git_reference_lookup(&reference, repository.raw, name)
    defer { git_reference_free(reference) }
    if code == 0 {
      if git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC {
        return "the branch is only another name for a branch; delete it"
      }
      if git_branch_is_checked_out(reference) == 1 {
        return "the branch is checked out in a work tree; switch to another branch there"
      }
    } else if let obstacle = obstacle(to: update.branch) {
      return "a branch \"\(obstacle)\" is in the way; rename or delete it"
    }
    if update.target == nil, setting("receive.denydeletes") {
      return "the repository's setting receive.denyDeletes forbids deleting branches"
    }
    // What was refused is only ever added to.
    if update.target != nil, update.expected != nil, update.branch != refusalsBranch,
      setting("receive.denynonfastforwards")
    {
      return "the repository's setting receive.denyNonFastForwards forbids replacing the branch"
    }
    return nil
  }

  /// A branch whose name is a folder of the wanted one.
  private func obstacle(to branch: String) -> String? {
    var parts = branch.split(separator: "/")
    while parts.count > 1 {
      parts.removeLast()
      let shorter = parts.joined(separator: "/")
      var id = git_oid()
      if git_reference_name_to_id(&id, repository.raw, "refs/heads/\(shorter)") == 0 {
        return shorter
      }
    }
    git_error_clear()
    return nil
  }

  private func hook() -> String? {
    var hooks = "\(folder)/hooks"
    if let path = text("core.hookspath") {
      hooks = path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }
    return ["pre-receive", "update", "reference-transaction", "proc-receive"]
      .map { "\(hooks)/\($0)" }
      .first { access($0, X_OK) == 0 }
  }

  private func setting(_ name: String) -> Bool {
    ["true", "yes", "on", "1"].contains(text(name)?.lowercased())
  }

  private func text(_ name: String) -> String? {
    configured(name, in: repository.raw)
  }

  private func lockPath(_ branch: String) -> String { "\(folder)/refs/heads/\(branch).lock" }

  private func lockRefusal(_ branch: String) -> String {
    "\(lockPath(branch)) is there: another git is at work, or one was killed. "
      + "If none runs, delete that file"
  }

  /// Removes the lock of a branch if it is old and holds a commit that Mooring wrote: a killed push of ours.
  private func sweepLock(of branch: String, isOurs: (git_oid) -> Bool) -> Bool {
    let path = lockPath(branch)
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
      time(nil) - status.st_mtim.tv_sec > Self.staleLockAge
    else { return false }
    var bytes = [UInt8](repeating: 0, count: 41)
    guard read(descriptor, &bytes, bytes.count) >= 40,
      let id = git_oid(hexadecimal: String(decoding: bytes[..<40], as: UTF8.self)), isOurs(id)
    else { return false }
    return unlink(path) == 0
  }
}

func withoutSlash(_ path: String) -> String {
  path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
}

/// Refuses a folder of somebody else's: its settings would be trusted, and files written there would be ours, not theirs.
func checkOwner(of path: String, _ activity: Activity) throws(GitError) {
  var status = stat()
  if stat(path, &status) != 0 { throw activity.system(path) }
  if status.st_uid == geteuid() { return }
  throw activity.error(
    .foreignOwner,
    "\(path) belongs to user \(status.st_uid), and this process runs as \(geteuid())",
    wayOut: "run Mooring as the owner of the folder, or change its owner")
}

/// Refuses repositories whose objects libgit2 would misread or not find.
private func refuseUnusualFormats(
  _ repository: OpaquePointer, _ activity: Activity
) throws(GitError) {
  if let format = configured("extensions.objectformat", in: repository), format != "sha1" {
    throw activity.error(
      .unusableRepository, "its object format is \(format)",
      wayOut: "use a repository with SHA-1 ids, git's default")
  }
  if git_repository_is_shallow(repository) == 1 {
    throw activity.error(
      .unusableRepository, "it is a shallow clone", wayOut: "run `git fetch --unshallow` in it")
  }
  if configured("extensions.partialclone", in: repository) != nil {
    throw activity.error(
      .unusableRepository, "it is a partial clone, whose files are not all there",
      wayOut: "clone it again without --filter")
  }
}

/// A setting's text; nil where it is not set.
func configured(_ name: String, in repository: OpaquePointer) -> String? {
  var snapshot: OpaquePointer?
  guard git_repository_config_snapshot(&snapshot, repository) == 0 else { return nil }
  defer { git_config_free(snapshot) }
  var value: UnsafePointer<CChar>?
  guard git_config_get_string(&value, snapshot, name) == 0, let value else {
    git_error_clear()
    return nil
  }
  return String(cString: value)
}
