import DriftCore

/// Contracts and mappings of the tables that had to be opened.
struct OpenedTables: Sendable {
  var byTable: [TableName: TableFiles] = [:]
  /// Tables that have a contract which was not opened: settled, or unreadable.
  var skipped: Set<TableName> = []
  /// Digests of opened tables, to be settled where nothing differs.
  var digests: [TableName: String] = [:]
  /// Digests of settled tables, by table.
  var stillSettled: [String: String] = [:]
  var unreadable: [TableReport] = []
}

/// Digests under which tables were found in order, by `schema.table`: what the cache keeps of a connection.
struct Settled: Sendable {
  private(set) var digests: [String: String]

  init(_ digests: [String: String]) { self.digests = digests }

  init(_ text: String?) {
    digests = [:]
    for line in (text ?? "").split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      digests[String(line[line.index(after: space)...])] = String(line[..<space])
    }
  }

  /// A table whose name has a line break is simply never settled.
  var text: String {
    digests.filter { !$0.key.contains(where: \.isNewline) }
      .map { "\($0.value) \($0.key)" }.sorted().joined(separator: "\n")
  }
}

extension Reconciler {
  /// Parses contracts and mappings of tables that are not settled, and of folders that no observed table explains: a
  /// contract may have been moved, or its table may be missing from the read.
  func open(
    _ snapshot: SchemaSnapshot, _ connection: Observed, folders: [String: BlobID], known: Settled,
    work: Work
  ) async throws -> OpenedTables {
    var opened = OpenedTables()
    var wanted: [String] = []
    var unexplained = folders
    for table in snapshot.tables {
      let folder = TableFolder(root: root, connection: connection.name, table: table.name)
      guard let contract = unexplained.removeValue(forKey: folder.path) else { continue }
      let digest = settledDigest(
        of: table, contract: contract, mapping: work.tree.files[folder.mapping],
        policy: work.policyDigest)
      if known.digests[table.name.description] == digest {
        opened.stillSettled[table.name.description] = digest
        opened.skipped.insert(table.name)
      } else {
        opened.digests[table.name] = digest
        wanted.append(folder.path)
      }
    }
    wanted += unexplained.keys.sorted()
    let blobs = try await blobs(of: wanted, work: work)
    for path in wanted {
      let folder = TableFolder(path: path)
      let files = parse(folder, blobs: blobs, work: work)
      guard let table = files.value.contract?.table, files.problems.isEmpty else {
        let name = snapshot.tables.first {
          TableFolder(root: root, connection: connection.name, table: $0.name).path == path
        }?.name
        let shown = name ?? TableName(schema: "", name: path)
        opened.skipped.insert(shown)
        opened.digests[shown] = nil
        opened.unreadable.append(
          TableReport(
            table: shown, changes: [],
            standing: .unreadable(files.problems.map(\.description).joined(separator: "\n"))))
        continue
      }
      opened.byTable[table] = files.value
    }
    return opened
  }

  private func blobs(of folders: [String], work: Work) async throws -> [BlobID: [UInt8]] {
    let paths = folders.flatMap { path in
      [TableFolder(path: path).contract, TableFolder(path: path).mapping]
    }
    return try await repository.blobs(paths.compactMap { work.tree.files[$0] })
  }

  private func parse(_ folder: TableFolder, blobs: [BlobID: [UInt8]], work: Work) -> (
    value: TableFiles, problems: [Diagnostic]
  ) {
    var files = TableFiles(folder: folder)
    var problems: [Diagnostic] = []
    if let bytes = work.tree.files[folder.contract].flatMap({ blobs[$0] }) {
      let (contract, found) = parseContract(bytes, path: folder.contract)
      files.contract = contract
      files.contractBytes = bytes
      problems += found.filter { $0.severity == .error }
    }
    if let bytes = work.tree.files[folder.mapping].flatMap({ blobs[$0] }) {
      let (mapping, found) = parseMapping(bytes, path: folder.mapping)
      files.mapping = mapping
      files.mappingBytes = bytes
      problems += found.filter { $0.severity == .error }
    }
    return (files, problems)
  }
}
