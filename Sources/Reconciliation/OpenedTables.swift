import DriftCore

/// Contracts and mappings of the tables that had to be opened.
struct OpenedTables: Sendable {
  var byTable: [TableName: TableFiles] = [:]
  /// Tables that have a contract which was not opened: settled, or unreadable.
  var skipped: Set<TableName> = []
  /// Tables that are still as they were when they were settled.
  var stillSettled = Settled()
  var unreadable: [TableReport] = []

  func hasContract(_ table: TableName) -> Bool { skipped.contains(table) || byTable[table]?.contract != nil }
}

/// Digests under which tables were found in order, with what each feeds: what the cache keeps of a connection.
struct Settled: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    var digest: String
    /// Nil where the table feeds nothing.
    var target: TableName?
  }

  /// By `schema.table`.
  private(set) var entries: [String: Entry] = [:]

  init() {}

  init(_ text: String?) {
    for line in (text ?? "").utf8.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
        String(Substring($0))
      }
      guard fields.count == 2 || fields.count == 4 else { continue }
      let target = fields.count == 4 ? TableName(schema: fields[2], name: fields[3]) : nil
      entries[fields[1]] = Entry(digest: fields[0], target: target)
    }
  }

  mutating func add(_ table: TableName, _ entry: Entry) { entries[table.description] = entry }

  mutating func remove(_ table: TableName) { entries[table.description] = nil }

  subscript(table: TableName) -> Entry? { entries[table.description] }

  var targetSchemas: Set<String> { Set(entries.values.compactMap(\.target?.schema)) }

  /// A table whose name has a tab or a line break is simply never settled.
  var text: String {
    entries.compactMap { table, entry in
      let fields = [entry.digest, table] + (entry.target.map { [$0.schema, $0.name] } ?? [])
      let isPlain = fields.allSatisfy { !$0.utf8.contains(0x09) && !$0.utf8.contains(0x0A) }
      return isPlain ? fields.joined(separator: "\t") : nil
    }.sorted().joined(separator: "\n")
  }
}

extension Reconciler {
  /// Parses contracts and mappings of tables that are not settled, and of folders that no observed table explains: a
  /// contract may have been moved, or its table may be missing from the read.
  func open(
    _ snapshot: SchemaSnapshot, _ connection: Observed, folders: [String: BlobID], work: Work
  ) async throws -> OpenedTables {
    var opened = OpenedTables()
    var wanted: [String] = []
    var unexplained = folders
    let places = self.folders(of: connection.name, in: work.tree)
    for table in snapshot.tables {
      let folder = places[table.name]
      guard let contract = unexplained.removeValue(forKey: folder.path) else { continue }
      let known = connection.known[table.name]
      let digest = settledDigest(
        of: table, contract: contract, mapping: work.tree.files[folder.mapping],
        load: work.tree.files[folder.load],
        target: known?.target.flatMap { connection.live.byName[$0] }, policy: work.policyDigest)
      if let known, known.digest == digest {
        opened.stillSettled.add(table.name, known)
        opened.skipped.insert(table.name)
      } else {
        wanted.append(folder.path)
      }
    }
    wanted += unexplained.keys.sorted()
    try await read(wanted, work: work, into: &opened) { path in
      snapshot.tables.first { places[$0.name].path == path }?.name
    }
    return opened
  }

  /// Parses a table's files although they were settled, or could be left alone until now.
  func open(_ table: TableName, of connection: ConnectionName, work: Work, into opened: inout OpenedTables) async throws
  {
    opened.skipped.remove(table)
    opened.stillSettled.remove(table)
    try await read(
      [folders(of: connection, in: work.tree)[table].path], work: work, into: &opened, named: { _ in table })
  }

  func folders(of connection: ConnectionName, in tree: RepositoryTree) -> TableFolders {
    project.folders(of: connection, root: root, in: tree)
  }

  func read(
    _ folders: [String], work: Work, into opened: inout OpenedTables, named name: (String) -> TableName?
  ) async throws {
    let blobs = try await blobs(of: folders, work: work)
    for path in folders {
      let files = parse(TableFolder(path: path), blobs: blobs, work: work)
      guard let table = files.value.contract?.table, files.problems.isEmpty else {
        let shown = name(path) ?? TableName(schema: "", name: path)
        opened.skipped.insert(shown)
        opened.unreadable.append(
          TableReport(
            table: shown, changes: [],
            standing: .unreadable(files.problems.map(\.description).joined(separator: "\n"))))
        continue
      }
      opened.byTable[table] = files.value
    }
  }

  private func blobs(of folders: [String], work: Work) async throws -> [BlobID: [UInt8]] {
    let paths = folders.flatMap { path in
      [TableFolder(path: path).contract, TableFolder(path: path).mapping, TableFolder(path: path).load]
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
    files.loadBytes = work.tree.files[folder.load].flatMap { blobs[$0] } ?? []
    return (files, problems)
  }
}
