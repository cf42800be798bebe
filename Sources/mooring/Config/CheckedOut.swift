import ArgumentParser
import DriftCore
import Git

/// Options of the commands that read the work tree of a contract repository and compare it with where it began.
struct WorkTreeOptions: ParsableArguments {
  @Option(help: "A folder in the clone of the contract repository.")
  var repository = "."

  @Option(help: "Folder of the contracts in the repository.")
  var contracts = "contracts"

  @Option(help: "The protected branch.")
  var branch = "main"

  @Option(
    help: ArgumentHelp(
      "Compare with this commit, branch or tag, or with where the work began after it.",
      discussion: "Default: the protected branch, as origin had it at the last fetch."))
  var base: String?
}

/// A work tree with its edits, and the state that they began from.
struct CheckedOut {
  let workTree: WorkTree
  let base: ContractState
  let tip: ContractState
  let edited: ContractState
  /// In the words of who asked: `origin/main (1a2b3c4)`.
  let baseName: String

  init(_ options: WorkTreeOptions) throws {
    workTree = try WorkTree(containing: absolutePath(options.repository))
    let names = options.base.map { [$0] } ?? ["refs/remotes/origin/\(options.branch)", "refs/heads/\(options.branch)"]
    var found: (name: String, commit: CommitID)?
    for name in names where found == nil {
      found = try workTree.commit(named: name).map { (name, $0) }
    }
    guard let found else {
      let wanted = options.base ?? "origin/\(options.branch)"
      throw UsageError(
        "there is no commit \"\(wanted)\" in \(workTree.folder)",
        hint: "git fetch origin, or name another with --base")
    }
    guard let head = try workTree.commit(named: "HEAD") else {
      throw UsageError("\(workTree.folder) has no commit yet", hint: "make the first one, then check the next")
    }
    guard let start = try workTree.mergeBase(of: found.commit, and: head) else {
      throw UsageError(
        "HEAD and \(found.name) have no commit in common here",
        hint: "fetch the whole history: git fetch --unshallow (actions/checkout: fetch-depth: 0)")
    }
    let root = options.contracts
    base = ContractState(root: root, files: try workTree.files(of: start, under: root))
    tip =
      start == found.commit
      ? base : ContractState(root: root, files: try workTree.files(of: found.commit, under: root))
    edited = ContractState(root: root, files: try workTree.files(under: root))
    let shown = found.name.replacing("refs/remotes/", with: "").replacing("refs/heads/", with: "")
    baseName = "\(shown) (\(start.text.prefix(7)))"
  }

  /// Judged by the policies in force; nil where `mooring.yaml` cannot be read, which the linter tells.
  func project() throws -> Project? {
    guard edited.files[edited.projectPath] != nil || base.files[base.projectPath] != nil else {
      throw UsageError(
        "\(edited.projectPath) is not in \(workTree.folder)", hint: "name the folder with --contracts")
    }
    let mine = edited.files[edited.projectPath].flatMap { parseProject($0, path: edited.projectPath).0 }
    let theirs = base.files[base.projectPath].flatMap { parseProject($0, path: base.projectPath).0 }
    guard let theirs else { return mine }
    return mine?.judged(by: theirs) ?? theirs
  }
}
