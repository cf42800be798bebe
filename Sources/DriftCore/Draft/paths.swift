import Cryptography

/// Where the files of one landed table lie in the repository.
package struct TableFolder: Hashable, Sendable {
  /// `contracts/salesforce/salesforce.account`.
  package var path: String

  package init(path: String) { self.path = path }

  /// Where names are not folded to upper case; `TableFolders` tells it for every destination.
  package init(root: String, connection: ConnectionName, table: TableName) {
    self.init(root: root, connection: connection, name: folderName(of: table))
  }

  init(root: String, connection: ConnectionName, name: String) {
    path = "\(root)/\(slug(connection.text))/\(name)"
  }

  package var contract: String { "\(path)/contract.odcs.yaml" }
  package var mapping: String { "\(path)/mapping.yaml" }
  package var load: String { "\(path)/load.sql" }
  package var changes: String { "\(path)/changes/" }

  /// One file of a change.
  package func file(_ name: String, of change: Change) -> String {
    "\(path)/changes/\(change.folder)/\(name)"
  }
}

/// Where the promise for a whole connection lies.
package func connectionPath(root: String, connection: ConnectionName) -> String {
  "\(root)/\(slug(connection.text))/connection.yaml"
}

/// Where `refusalsBranch` keeps what people said no to.
package func refusalsPath(for subject: DriftSubject, of connection: ConnectionName) -> String {
  switch subject {
  case .connection: "\(slug(connection.text))/connection.yaml"
  case .table(let table): "\(slug(connection.text))/\(folderName(of: table)).yaml"
  }
}

/// The same for a pull request that no longer tells which of its findings is of which table.
package func refusalsPath(forBranch branch: String) -> String { "\(branch.dropFirst("mooring/".count)).yaml" }

/// `schema.table` where both are plain; else a readable part and 8 hexadecimal digits, so that two names never share a path.
func folderName(of table: TableName) -> String {
  isPlainPart(table.schema) && isPlainPart(table.name) ? table.description : markedFolderName(of: table)
}

func markedFolderName(of table: TableName) -> String {
  marked("\(readable(table.schema)).\(readable(table.name))", for: identity(of: table))
}

/// Tells `a.b` in schema `c` from `b` in schema `c.a`: the length says where the schema ends.
private func identity(of table: TableName) -> String {
  "\(table.schema.utf8.count):\(table.description)"
}

/// The branch of a table's own pull request, or of the connection's.
package func branchName(for subject: DriftSubject, of connection: ConnectionName) -> String {
  // A table's has a "-", so that none is called like the connection's or the green ones'.
  guard let table = subject.table else { return "mooring/\(slug(connection.text))/connection" }
  let name =
    isPlainPart(table.schema) && isPlainPart(table.name)
    ? "\(table.schema)-\(table.name)"
    : marked("\(readable(table.schema))-\(readable(table.name))", for: identity(of: table))
  return "mooring/\(slug(connection.text))/\(name)"
}

/// The branch that a connection's green tables share.
package func greenBranchName(of connection: ConnectionName) -> String {
  "mooring/\(slug(connection.text))/green"
}

/// Whether a branch is one of those that the connection's proposals go to.
package func isBranch(_ name: String, of connection: ConnectionName) -> Bool {
  name.hasPrefix("mooring/\(slug(connection.text))/")
}

/// A plain name as it is; any other with a mark of its own.
package func slug(_ name: String) -> String {
  isPlainPart(name) ? name : marked(readable(name), for: name)
}

private func marked(_ readable: String, for name: String) -> String {
  "\(readable)-\(sha256Hex(name).prefix(8))"
}

func isPlainPart(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 80
    && name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
}

private func readable(_ name: String) -> String {
  var result = ""
  for scalar in name.lowercased().unicodeScalars.prefix(40) {
    let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
    result.unicodeScalars.append(isPlain ? scalar : "_")
  }
  return result.isEmpty ? "_" : result
}

/// Where commits of people stay whose branch is drafted again.
package let keptBranchPrefix = "mooring-kept/"

/// `mooring-kept/crm/green/1a2b3c4d5e6f` for `mooring/crm/green`.
package func keptBranchName(of branch: String, at tip: CommitID) -> String {
  keptBranchPrefix + branch.split(separator: "/").dropFirst().joined(separator: "/") + "/\(tip.text.prefix(12))"
}
