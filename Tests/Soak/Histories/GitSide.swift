import Cryptography
import DriftCore

/// A contract repository in memory: commits by content, branches, and what people do to them.
struct GitSide {
  typealias Files = [String: [UInt8]]

  struct Commit {
    var parent: CommitID?
    var files: Files
  }

  var commits: [CommitID: Commit] = [:]
  var main: CommitID
  var branches: [String: CommitID] = [:]
  /// Commits that Mooring made; a tip that is none of these is a person's.
  var ours: Set<CommitID> = []
  /// Who signed a commit.
  var signers: [CommitID: String] = [:]
  private var mains: Set<CommitID> = []
  /// What merges made of the files, oldest first.
  private var merges: [(before: Files, after: Files)] = []
  private var blobs: [BlobID: [UInt8]] = [:]

  init() {
    main = CommitID("")
    main = add(Commit(parent: nil, files: [:]), message: "root")
  }

  mutating func commit(_ draft: CommitDraft) -> CommitID {
    commit(draft.edits, message: draft.message, onto: draft.base)
  }

  mutating func commit(_ edits: [FileEdit], message: String, onto parent: CommitID?) -> CommitID {
    var files = parent.flatMap { commits[$0]?.files } ?? [:]
    for edit in edits { files[edit.path] = edit.bytes }
    let id = add(Commit(parent: parent, files: files), message: message)
    ours.insert(id)
    return id
  }

  func tree(of commit: CommitID) throws -> RepositoryTree {
    guard let found = commits[commit] else { throw Refused("no commit \(commit)") }
    return RepositoryTree(commit: commit, files: found.files.mapValues(Self.blobID))
  }

  /// Whether the commit is, or once was, the tip of the protected branch.
  func wasMain(_ commit: CommitID) -> Bool { commit == main || mains.contains(commit) }

  func bytes(of blob: BlobID) -> [UInt8]? { blobs[blob] }

  mutating func push(_ update: RefUpdate) -> RefOutcome {
    if branches[update.branch] != update.expected {
      return .leaseLost(found: branches[update.branch])
    }
    branches[update.branch] = update.target
    return .updated
  }

  func branch(_ name: String, at tip: CommitID) -> Branch {
    let base = base(of: tip)
    let before = base.flatMap { commits[$0]?.files } ?? [:]
    let after = commits[tip]?.files ?? [:]
    var changes: [String: BlobID?] = [:]
    for path in Set(before.keys).union(after.keys) where before[path] != after[path] {
      changes[path] = .some(after[path].map(Self.blobID))
    }
    return Branch(
      name: name, tip: tip, base: base, isOurs: ours.contains(tip), changes: changes)
  }

  // MARK: History

  func landings(of paths: [String], at tip: CommitID) -> [String: Landing] {
    var search = LandingSearch()
    var commit: CommitID? = tip
    while let id = commit, !search.isFinished {
      search.see(id, objects: objects(at: paths, of: id))
      commit = commits[id]?.parent
    }
    search.reachRoot()
    return search.landings
  }

  func isSame(_ path: String, in one: CommitID, as other: CommitID) -> Bool? {
    if commits[one] == nil || commits[other] == nil { return nil }
    return objects(at: [path], of: one) == objects(at: [path], of: other)
  }

  func isAncestor(_ old: CommitID, of new: CommitID) -> Bool {
    var commit: CommitID? = new
    while let id = commit {
      if id == old { return true }
      commit = commits[id]?.parent
    }
    return false
  }

  /// Of each folder that is there, its content.
  private func objects(at paths: [String], of commit: CommitID) -> [String: String] {
    var objects: [String: String] = [:]
    for path in paths {
      let files = (commits[commit]?.files ?? [:]).filter { $0.key == path || $0.key.hasPrefix(path + "/") }
      if files.isEmpty { continue }
      objects[path] = files.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.blobID($0.value))" }.joined()
    }
    return objects
  }

  // MARK: What people do

  /// Merges a branch, if no path that it touches has moved on main since; returns whether it did.
  mutating func merge(_ name: String, editing edit: (String, [UInt8]) -> [UInt8] = { $1 }) -> Bool {
    guard let tip = branches[name], let base = base(of: tip), let theirs = commits[tip]?.files,
      let start = commits[base]?.files, var files = commits[main]?.files
    else { return false }
    for path in Set(start.keys).union(theirs.keys) where start[path] != theirs[path] {
      if files[path] != start[path] { return false }
      files[path] = theirs[path].map { edit(path, $0) }
    }
    merges.append((commits[main]?.files ?? [:], files))
    move(to: files, message: "merge \(name)")
    return true
  }

  /// Takes the last merge back, as `git revert` does, where nothing that it wrote was written since; returns whether it did.
  mutating func revertMerge() -> Bool {
    guard let (before, after) = merges.popLast(), var files = commits[main]?.files else { return false }
    for path in Set(before.keys).union(after.keys) where before[path] != after[path] {
      if files[path] != after[path] { return false }
      files[path] = before[path]
    }
    move(to: files, message: "revert")
    return true
  }

  mutating func writeMain(_ path: String, _ bytes: [UInt8], message: String) {
    guard var files = commits[main]?.files else { return }
    files[path] = bytes
    move(to: files, message: message)
  }

  /// Somebody forces main to another commit with the same files, whose history lacks the tip.
  mutating func rewriteMain() {
    guard let tip = commits[main] else { return }
    mains.insert(main)
    main = add(Commit(parent: tip.parent, files: tip.files), message: "rewritten from \(main)")
  }

  mutating func putBackMain(to commit: CommitID) {
    mains.insert(main)
    main = commit
  }

  private mutating func move(to files: Files, message: String) {
    mains.insert(main)
    main = add(Commit(parent: main, files: files), message: message)
  }

  /// A person's commit on a branch of ours.
  mutating func edit(_ name: String, _ path: String, _ change: ([UInt8]) -> [UInt8]) {
    guard let tip = branches[name], var files = commits[tip]?.files else { return }
    files[path] = change(files[path] ?? [])
    branches[name] = add(Commit(parent: tip, files: files), message: "by hand")
  }

  /// The commit of main that a branch started from.
  private func base(of tip: CommitID) -> CommitID? {
    var commit = tip
    while !wasMain(commit) {
      guard let parent = commits[commit]?.parent else { return nil }
      commit = parent
    }
    return commit
  }

  private mutating func add(_ commit: Commit, message: String) -> CommitID {
    for bytes in commit.files.values { blobs[Self.blobID(bytes)] = bytes }
    let content = commit.files.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.blobID($0.value))" }
    let text = ([commit.parent?.text ?? "", message] + content).joined(separator: "\n")
    let id = CommitID(String(sha256Hex(text).prefix(40)))
    commits[id] = commit
    return id
  }

  private static func blobID(_ bytes: [UInt8]) -> BlobID { BlobID(hex(sha256(bytes))) }
}
