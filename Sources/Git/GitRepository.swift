import CGit2
package import DriftCore
import Glibc

/// The contract repository through a bare clone of our own, on a thread of its own.
///
/// The remote is a folder, a bare repository or a working copy, or a repository on a git host. Two processes that share a
/// clone take turns. Errors are `GitError`.
package actor GitRepository: ContractRepository {
  let address: RemoteAddress
  private let folder: String
  private let branch: String
  let author: Identity
  private let access: RemoteAccess
  let signingKey: SigningKey?
  let allowedSigners: AllowedSigners?
  private let executor = ThreadExecutor()
  private var session: Session?
  /// The listing of the last commit that was asked for. The next one differs in few folders.
  private var lastTree: (root: ObjectID, files: [String: BlobID])?

  enum Remote {
    case local(LocalRemote)
    case hosted(HostedRemote)

    /// Where a commit's objects are kept for the next fetch to find them; nil keeps them in the clone until they are pushed.
    var sharedObjects: String? {
      switch self {
      case .local: nil
      case .hosted(let remote): "\(remote.mirror)/objects"
      }
    }
  }

  struct Session {
    let remote: Remote
    let clone: Clone
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Nothing is opened or made before the first call. `clone` is a folder for Mooring alone.
  package init(
    remote: RemoteAddress, clone: String, branch: String = "main", author: Identity = Identity(),
    access: RemoteAccess = RemoteAccess(), signingKey: SigningKey? = nil, allowedSigners: AllowedSigners? = nil
  ) {
    address = remote
    folder = clone
    self.branch = branch
    self.author = author
    self.access = access
    self.signingKey = signingKey
    self.allowedSigners = allowedSigners
  }

  /// The same for a remote that is a folder.
  package init(
    remote: String, clone: String, branch: String = "main", author: Identity = Identity(),
    signingKey: SigningKey? = nil, allowedSigners: AllowedSigners? = nil
  ) {
    self.init(
      remote: .folder(remote), clone: clone, branch: branch, author: author, signingKey: signingKey,
      allowedSigners: allowedSigners)
  }

  // MARK: - Reading

  package func fetch() async throws -> CommitID {
    try locked("fetching") { session, activity in
      let found =
        switch session.remote {
        case .local(let remote): try remote.branches(protected: branch, activity)
        case .hosted(let remote): try remote.fetch(activity)
        }
      git_odb_refresh(session.clone.database.raw)
      guard let tip = found.tips[branch] else { throw missingBranch(others: found.others, activity) }
      let remembered = try session.clone.remembered(activity)
      // First what is gone: a branch may take the place of a folder of branches.
      for name in remembered.keys.sorted() where found.tips[name] == nil {
        try session.clone.remember(name, at: nil, activity)
      }
      for (name, tip) in found.tips.sorted(by: { $0.key < $1.key })
      where remembered[name]?.objectID != tip.objectID {
        _ = try commit(tip, in: session, activity)
        try session.clone.remember(name, at: tip, activity)
      }
      if case .hosted(let remote) = session.remote, try consolidatePacks(of: remote.mirror, activity) {
        // What is open still reads the packs that were there before.
        self.session = nil
      }
      return CommitID(tip)
    }
  }

  package func tree(of commit: CommitID) async throws -> RepositoryTree {
    try locked("reading the files of \(commit)") { session, activity in
      let root = try tree(of: self.commit(commit, in: session, activity))
      let reader = TreeReader(database: session.clone.database.raw, activity: activity)
      var files: [String: BlobID]
      if let lastTree {
        files = lastTree.files
        for (path, blob) in try reader.changes(from: lastTree.root, to: root) {
          files[path] = blob
        }
      } else {
        files = try reader.files(of: root)
      }
      lastTree = (root, files)
      return RepositoryTree(commit: commit, files: files)
    }
  }

  package func blobs(_ ids: [BlobID]) async throws -> [BlobID: [UInt8]] {
    try locked("reading files") { session, activity in
      var contents: [BlobID: [UInt8]] = [:]
      for id in ids where contents[id] == nil {
        guard var blob = git_oid(hexadecimal: id.text) else {
          throw activity.error(.missingObject, "\"\(id)\" is no object id")
        }
        var object: OpaquePointer?
        try activity.check(git_odb_read(&object, session.clone.database.raw, &blob))
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == GIT_OBJECT_BLOB else {
          throw activity.error(.missingObject, "\(id) is no file")
        }
        contents[id] = Array(
          UnsafeRawBufferPointer(
            start: git_odb_object_data(object), count: git_odb_object_size(object)))
      }
      return contents
    }
  }

  package func branches() async throws -> [Branch] {
    try locked("reading the branches") { session, activity in
      try session.clone.remembered(activity)
        .filter { $0.key.hasPrefix(branchPrefix) }
        .sorted { $0.key < $1.key }
        .map { try describe($0.key, at: $0.value, in: session, activity) }
    }
  }

  // MARK: - Parts

  func locked<Value>(
    _ name: String, _ work: (Session, Activity) throws -> Value
  ) throws -> Value {
    GitLibrary.start
    let activity = Activity(name, at: address.text)
    try makeFolder(folder, activity)
    try checkOwner(of: folder, activity)
    let lock = try CloneLock(folder: folder, activity)
    return try lock.hold(activity, sweep: { sweep() }) {
      try work(open(activity), activity)
    }
  }

  private func sweep() {
    Clone.sweep(folder)
    Clone.sweep(HostedRemote.mirror(in: folder))
  }

  private func open(_ activity: Activity) throws(GitError) -> Session {
    if let session { return session }
    let remote: Remote
    let clone: Clone
    switch address {
    case .folder(let path):
      let local = try LocalRemote(path: path, author: author, activity)
      remote = .local(local)
      clone = try Clone(folder: folder, of: local.folder, objects: "\(local.folder)/objects", activity)
    case .https, .ssh:
      let hosted = try HostedRemote(address, branch: branch, access: access, clone: folder, activity)
      remote = .hosted(hosted)
      clone = try Clone(folder: folder, of: address.text, objects: "\(hosted.mirror)/objects", activity)
    }
    try activity.check(git_repository_set_ident(clone.repository.raw, author.name, author.email))
    let session = Session(remote: remote, clone: clone)
    self.session = session
    return session
  }

  private func missingBranch(others: [String], _ activity: Activity) -> GitError {
    if others.isEmpty {
      return activity.error(
        .emptyRepository, "the repository has no commit yet",
        wayOut: "make the first commit on \(branch), with contracts/mooring.yaml, and push it")
    }
    let list = others.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
    return activity.error(
      .branchMissing, "there is no branch \"\(branch)\"; there is \(list)",
      wayOut: "name the protected branch in contracts/mooring.yaml, or create \"\(branch)\"")
  }

  func commit(
    _ id: CommitID, in session: Session, _ activity: Activity
  ) throws(GitError) -> Handle {
    guard let id = git_oid(hexadecimal: id.text) else {
      throw activity.error(.missingObject, "\"\(id)\" is no commit id")
    }
    return try commit(id, in: session, activity)
  }

  func commit(
    _ id: git_oid, in session: Session, _ activity: Activity
  ) throws(GitError) -> Handle {
    var id = id
    return try Handle(activity, free: git_commit_free) {
      git_commit_lookup(&$0, session.clone.repository.raw, &id)
    }
  }

  func tree(of commit: Handle) throws(GitError) -> ObjectID {
    guard let id = git_commit_tree_id(commit.raw) else {
      throw GitError(.missingObject, "reading a commit", at: address.text, "it has no tree")
    }
    return id.pointee.objectID
  }

  private func describe(
    _ name: String, at id: git_oid, in session: Session, _ activity: Activity
  ) throws(GitError) -> Branch {
    let tip = try commit(id, in: session, activity)
    let isOurs = isOurs(tip)
    let start = try isOurs ? git_commit_parent_id(tip.raw, 0)?.pointee : base(of: id, in: session, activity)
    var source: ObjectID?
    if let start { source = try tree(of: commit(start, in: session, activity)) }
    let reader = TreeReader(database: session.clone.database.raw, activity: activity)
    return Branch(
      name: name, tip: CommitID(id), base: start.map { CommitID($0) }, isOurs: isOurs,
      changes: try reader.changes(from: source, to: tree(of: tip)))
  }

  /// Where a branch left the protected one, as of the last fetch; nil where they have nothing in common.
  private func base(of tip: git_oid, in session: Session, _ activity: Activity) throws(GitError) -> git_oid? {
    let refs = try session.clone.remembered(activity)
    guard var main = refs[branch] else { return nil }
    var tip = tip
    var base = git_oid()
    let code = git_merge_base(&base, session.clone.repository.raw, &main, &tip)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try activity.check(code)
    return base
  }

  /// One commit on one parent, by our hand, whose trailer names that parent and the tree that it has.
  private func isOurs(_ commit: Handle) -> Bool {
    guard git_commit_parentcount(commit.raw) == 1,
      author.wrote(git_commit_author(commit.raw)), author.wrote(git_commit_committer(commit.raw)),
      let parent = git_commit_parent_id(commit.raw, 0), let tree = git_commit_tree_id(commit.raw),
      let message = git_commit_message(commit.raw)
    else { return false }
    return isCertified(
      String(cString: message), parent: parent.pointee.hexadecimal,
      tree: tree.pointee.hexadecimal)
  }

  func isOurs(_ id: git_oid, in session: Session, _ activity: Activity) -> Bool {
    // No commit of that id here is an answer: not ours.
    guard let found = try? commit(id, in: session, activity) else { return false }
    return isOurs(found)
  }
}
