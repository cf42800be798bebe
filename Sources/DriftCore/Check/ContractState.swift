import Cryptography

/// The files of the contracts folder at one moment: on a branch, or in somebody's work tree.
package struct ContractState: Sendable {
  /// The contracts folder, as in `contracts`.
  package let root: String
  /// By path from the repository's root; only files that Mooring reads.
  package let files: [String: [UInt8]]
  /// As apply would find them in a commit of these files.
  let changeFolders: [ChangeFolder]

  package init(root: String, files: [String: [UInt8]]) {
    self.root = root
    self.files = files.filter { path, _ in path.hasPrefix(root + "/") && Self.reads(path) }
    let changes = self.files.filter { $0.key.contains("/changes/") }.mapValues { BlobID(hex(sha256($0))) }
    changeFolders = DriftCore.changeFolders(in: RepositoryTree(commit: CommitID(""), files: changes), root: root)
  }

  /// Whether Mooring reads files of this name.
  package static func reads(_ path: String) -> Bool { names.contains(String(path.split(separator: "/").last ?? "")) }

  /// Whether the linter has something to say about files of this name.
  package static func lints(_ name: String) -> Bool {
    names.contains(name) && !["load.sql", "target.sql", "down.sql"].contains(name)
  }

  package var projectPath: String { "\(root)/mooring.yaml" }

  /// Paths whose bytes are others in `later`, sorted.
  func changedPaths(to later: ContractState) -> [String] {
    Set(files.keys).union(later.files.keys).filter { files[$0] != later.files[$0] }.sorted()
  }

  /// The table folder that a path lies in; nil for `mooring.yaml` and `connection.yaml`.
  func tableFolder(of path: String) -> TableFolder? {
    let depth = root.split(separator: "/").count
    let parts = path.split(separator: "/")
    guard parts.count >= depth + 3 else { return nil }
    return TableFolder(path: parts.prefix(depth + 2).joined(separator: "/"))
  }

  package func changeNumbers(in folder: TableFolder) -> [Int] {
    changeFolders.filter { $0.tableFolder == folder }.map(\.number)
  }

  func contract(in folder: TableFolder) -> Contract? {
    files[folder.contract].flatMap { parseContract($0, path: folder.contract).0 }
  }

  func mapping(in folder: TableFolder) -> Mapping? {
    files[folder.mapping].flatMap { parseMapping($0, path: folder.mapping).0 }
  }

  /// From 1: the first line that holds all of the words; nil where none does.
  func line(of words: String..., in path: String) -> Int? {
    guard let bytes = files[path] else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.firstIndex { line in words.allSatisfy(line.contains) }.map { $0 + 1 }
  }
}

private let names: Set<String> = [
  "mooring.yaml", "connection.yaml", "contract.odcs.yaml", "mapping.yaml", "load.sql", "target.sql", "change.yaml",
  "up.sql", "down.sql",
]
