/// Where the tables of one connection lie, or will.
///
/// The spelling that the destination gives to a name without quotes has the plain folder, `salesforce.account` for
/// SALESFORCE.ACCOUNT on Snowflake. Any other is marked, so that no two names share a folder, not even where a file system
/// does not tell cases apart. A table whose contract lies in the marked folder that every capital once led to stays there.
package struct TableFolders: Sendable {
  private let root: String
  private let connection: ConnectionName
  private let foldsToUpper: Bool
  private let exists: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - dialect: the destination's; nil where it is not known, which folds nothing.
  ///   - exists: whether there is a file at a path.
  package init(
    root: String, connection: ConnectionName, dialect: Dialect?, exists: @escaping @Sendable (String) -> Bool
  ) {
    self.root = root
    self.connection = connection
    self.exists = exists
    foldsToUpper = dialect?.lexicon.folding == .upper
  }

  package subscript(_ table: TableName) -> TableFolder {
    let folder = TableFolder(root: root, connection: connection, table: table)
    guard foldsToUpper else { return folder }
    if let plain = table.inLowerCase { return exists(folder.contract) ? folder : self.folder(plain) }
    return table.hasSmallLetter ? marked(table) : folder
  }

  /// A folder that no other table has, wherever others lie.
  package func marked(_ table: TableName) -> TableFolder { folder(markedFolderName(of: table)) }

  /// The last parts of the paths of refusals, without their ending, that belong to tables in these folders.
  ///
  /// - Parameter folders: last parts of table folders.
  package func refusalStems(of folders: [String]) -> Set<String> {
    guard foldsToUpper else { return Set(folders) }
    let capitals = folders.compactMap { TableName($0) }
      .map { folderName(of: TableName(schema: $0.schema.uppercased(), name: $0.name.uppercased())) }
    return Set(folders + capitals)
  }

  private func folder(_ name: String) -> TableFolder { TableFolder(root: root, connection: connection, name: name) }
}

extension TableFolder {
  /// Everywhere that a table of this name may lie, by its name alone.
  package static func addresses(root: String, connection: ConnectionName, table: TableName) -> [TableFolder] {
    ([folderName(of: table), markedFolderName(of: table)] + (table.inLowerCase.map { [$0] } ?? []))
      .map { TableFolder(root: root, connection: connection, name: $0) }
  }
}

extension Project {
  /// Where the tables of a connection lie in a tree, or will.
  package func folders(of connection: ConnectionName, root: String, in tree: RepositoryTree) -> TableFolders {
    let kind = connections[connection].flatMap { destinations[$0.destination]?.kind }
    return TableFolders(root: root, connection: connection, dialect: kind.flatMap { Dialect.named($0) }) {
      tree.files[$0] != nil
    }
  }
}

extension TableName {
  /// `salesforce.account` for SALESFORCE.ACCOUNT; nil for a name with anything but capitals, digits and underscores, and for
  /// one without a capital.
  fileprivate var inLowerCase: String? {
    let bytes = Array(schema.utf8) + name.utf8
    let isUpper = bytes.allSatisfy { isCapital($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    guard isUpper, bytes.contains(where: isCapital), isPlainPart(schema.lowercased()), isPlainPart(name.lowercased())
    else {
      return nil
    }
    return description.lowercased()
  }

  fileprivate var hasSmallLetter: Bool { (Array(schema.utf8) + name.utf8).contains { (0x61...0x7A).contains($0) } }
}

private func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
