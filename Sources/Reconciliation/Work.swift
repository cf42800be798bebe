import Cryptography
import DriftCore

/// The repository and the forge at the start of a run.
struct Work: Sendable {
  let tree: RepositoryTree
  let root: String
  let branches: [String: Branch]
  let open: [String: PullRequest]
  /// What people said no to.
  let refusals: RefusalsInForce
  /// Branches that a person has written on.
  let edited: Set<String>
  /// What people ask for on the dashboard.
  let ticks: DashboardTicks
  /// What was merged and has run, as the ledgers have it.
  let recorded: RecordedHistory
  /// By connection folder: the table folders and their contract's blob.
  private let folders: [String: [String: BlobID]]
  private let digests: [String: String]
  /// The highest change number of each table folder that has one.
  private let lastChanges: [TableFolder: Int]
  /// `mooring.yaml`'s blob: policies apply to every table.
  let policyDigest: String

  init(
    tree: RepositoryTree, root: String, branches: [Branch], pullRequests: [PullRequest],
    refusals: RefusalsInForce, ticks: DashboardTicks = DashboardTicks(), recorded: RecordedHistory? = nil
  ) {
    self.tree = tree
    self.root = root
    self.ticks = ticks
    self.recorded = recorded ?? RecordedHistory(on: tree, root: root)
    self.refusals = refusals
    edited = Set(branches.filter { !$0.isOurs }.map(\.name))
    self.branches = Dictionary(
      branches.map { branch in
        var branch = branch
        // A tick gives the branch back to Mooring.
        if ticks.contains(.redraft(branch: branch.name)) { branch.isOurs = true }
        return (branch.name, branch)
      }, uniquingKeysWith: { first, _ in first })
    open = Dictionary(
      pullRequests.filter { $0.state == .open }.map { pullRequest in
        var pullRequest = pullRequest
        // Written for no commit, it is not kept as it is.
        if ticks.contains(.redraft(branch: pullRequest.branch)) { pullRequest.head = nil }
        return (pullRequest.branch, pullRequest)
      }, uniquingKeysWith: { first, _ in first })
    policyDigest = tree.files["\(root)/mooring.yaml"]?.text ?? ""
    var folders: [String: [String: BlobID]] = [:]
    var files: [String: [String]] = [:]
    for (path, blob) in tree.files {
      guard path.hasPrefix(root + "/") else { continue }
      // By bytes: a tree has a path a file of every table.
      let parts = path.utf8.dropFirst(root.utf8.count + 1).split(
        separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
      ).map { String(Substring($0)) }
      guard parts.count >= 2 else { continue }
      let connection = parts[0]
      files[connection, default: []].append("\(path) \(blob)")
      if parts.count == 3, parts[2] == "contract.odcs.yaml" {
        folders[connection, default: [:]]["\(root)/\(connection)/\(parts[1])"] = blob
      }
    }
    self.folders = folders
    digests = files.mapValues { sha256Hex($0.sorted().joined(separator: "\n")) }
    lastChanges = Dictionary(
      DriftCore.changeFolders(in: tree, root: root).map { ($0.tableFolder, $0.number) }, uniquingKeysWith: max)
  }

  /// Identifies every file of a connection.
  func digest(of connection: ConnectionName) -> String { digests[slug(connection.text)] ?? "" }

  /// Table folders that hold a contract, with the contract's blob.
  func contractFolders(of connection: ConnectionName) -> [String: BlobID] {
    folders[slug(connection.text)] ?? [:]
  }

  /// Why something is not proposed although it drifted: what was refused in it cannot be read.
  func hold(on subject: DriftSubject, of connection: ConnectionName, in places: TableFolders) -> String? {
    let folders = contractFolders(of: connection).keys.compactMap { $0.split(separator: "/").last.map(String.init) }
    return refusals.hold(on: subject, of: connection, stems: places.refusalStems(of: folders))
  }

  /// The highest number of a table's change folders; 0 where there is none.
  func lastChange(of folder: TableFolder) -> Int { lastChanges[folder] ?? 0 }

  /// Change folders that a branch edits, with the files that it edits in them.
  func changeFolders(of branch: Branch) -> [ChangeFolder] {
    // A file that the branch removes is edited too.
    let edited = RepositoryTree(commit: branch.tip, files: branch.changes.mapValues { $0 ?? "" })
    return DriftCore.changeFolders(in: edited, root: root)
  }

  /// Open pull requests of a connection, by branch.
  func openWork(of connection: ConnectionName) -> [String: PullRequest] {
    open.filter { isBranch($0.key, of: connection) }
  }

  /// Branches of a connection, by name.
  func branches(of connection: ConnectionName) -> [String: Branch] {
    branches.filter { $0.key.hasPrefix("mooring/\(slug(connection.text))/") }
  }

  /// Table folders that a branch edits, and files that lie in none.
  func places(of branch: Branch) -> Set<String> {
    let depth = root.split(separator: "/").count + 2
    return Set(branch.changes.keys.map { $0.split(separator: "/").prefix(depth).joined(separator: "/") })
  }
}
