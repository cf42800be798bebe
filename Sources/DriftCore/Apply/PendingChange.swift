import Cryptography

/// A change folder on the protected branch, by its files alone: nothing is parsed to find one.
package struct ChangeFolder: Hashable, Sendable {
  package var path: String
  package var tableFolder: TableFolder
  package var number: Int
  /// By file name.
  package var files: [String: BlobID]

  package var paths: [String] { files.keys.map { "\(path)/\($0)" } }

  /// SHA-256 over the files' names and contents: what "exactly what was reviewed" means to the ledger.
  package var digest: String {
    sha256Hex(
      files.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)\n" }.joined())
  }
}

extension ChangeFolder {
  /// Another change of the same table has the same number: neither is applied.
  package func isTwin(of other: ChangeFolder) -> Bool {
    tableFolder == other.tableFolder && number == other.number && path != other.path
  }
}

/// Finds the change folders of a tree, ordered by path.
package func changeFolders(in tree: RepositoryTree, root: String) -> [ChangeFolder] {
  var folders: [String: ChangeFolder] = [:]
  let depth = root.split(separator: "/").count
  for (path, blob) in tree.files where path.utf8.count(where: { $0 == UInt8(ascii: "/") }) == depth + 4 {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard path.hasPrefix(root + "/"), parts[depth + 2] == "changes",
      let number = changeNumber(of: parts[depth + 3])
    else { continue }
    let folder = parts[0..<depth + 4].joined(separator: "/")
    let table = TableFolder(path: parts[0..<depth + 2].joined(separator: "/"))
    folders[
      folder, default: ChangeFolder(path: folder, tableFolder: table, number: number, files: [:])
    ].files[parts[depth + 4]] = blob
  }
  return folders.values.sorted { $0.path < $1.path }
}

/// `0012-add-tier` is 12; nil where the name has no number.
private func changeNumber(of folder: String) -> Int? {
  guard let dash = folder.firstIndex(of: "-") else { return nil }
  let digits = folder[..<dash]
  guard (4...9).contains(digits.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
  else { return nil }
  return Int(digits)
}

/// A merged change that the ledger does not have as finished.
package struct PendingChange: Sendable {
  package var folder: ChangeFolder
  package var change: Change
  /// From the merged up.sql, in order.
  package var statements: [String]
  /// The merged mapping, from which statements with a SELECT are rendered again.
  package var mapping: Mapping?
  package var mappingBlob: BlobID?
  package var destination: DestinationName
  package var commit: CommitID

  package init(
    folder: ChangeFolder, change: Change, statements: [String], mapping: Mapping?, mappingBlob: BlobID? = nil,
    destination: DestinationName, commit: CommitID
  ) {
    self.folder = folder
    self.change = change
    self.statements = statements
    self.mapping = mapping
    self.mappingBlob = mappingBlob
    self.destination = destination
    self.commit = commit
  }

  package func id(of step: Int, part: Int = 0) -> StepID {
    StepID(
      destination: destination, connection: change.connection, table: change.table,
      change: change.number, step: step, part: part)
  }

  /// What its statements change; where it has none, the landed table whose settings it is about.
  package var leased: TableName { change.target ?? change.table }

  package func entry(
    _ state: LedgerEntry.State, step: Int, part: Int = 0, kind: String, detail: String = ""
  ) -> LedgerEntry {
    LedgerEntry(
      step: id(of: step, part: part), state: state, kind: kind, digest: folder.digest,
      commit: commit.text, detail: detail)
  }
}
