import DriftCore

extension Reconciler {
  /// A change folder with its change file read.
  struct OpenFolder: Sendable {
    var folder: ChangeFolder
    var connection: ConnectionName
    var table: TableName
    var destination: DestinationName
    /// Nil where the change file cannot be read; `problem` says why.
    var change: Change?
    var problem: String?
  }

  /// Change folders of the chosen connections that have steps and that the ledger does not have as finished.
  func unfinishedFolders(
    in tree: RepositoryTree, ledgers: Ledgers, only names: Set<ConnectionName>
  ) async throws -> [OpenFolder] {
    let slugs = Dictionary(
      project.connections.keys.filter(names.contains).map { (slug($0.text), $0) },
      uniquingKeysWith: { first, _ in first })
    var finished: Set<String> = []
    for case .success(let entries) in ledgers.values {
      for entry in entries where entry.step.step == 0 && entry.state != .intended {
        finished.insert(entry.digest)
      }
    }
    let depth = root.split(separator: "/").count
    var unread: [(folder: ChangeFolder, connection: ConnectionName, destination: DestinationName)] = []
    let folders = changeFolders(in: tree, root: root)
    for folder in folders {
      let parts = folder.path.split(separator: "/").map(String.init)
      guard let name = slugs[parts[depth]], let policy = project.connections[name],
        policy.mode != .observe, !finished.contains(folder.digest)
      else { continue }
      if try await cache.value(for: "stepless/\(folder.digest)") != nil { continue }
      unread.append((folder, name, policy.destination))
    }
    var open: [OpenFolder] = []
    let blobs = unread.compactMap { $0.folder.files["change.yaml"] }
    let files = blobs.isEmpty ? [:] : try await repository.blobs(blobs)
    let neighbours = Dictionary(grouping: folders, by: \.tableFolder)
    for (folder, name, destination) in unread {
      var read = read(folder, from: files, connection: name, destination: destination)
      if let twin = neighbours[folder.tableFolder]?.first(where: { $0.isTwin(of: folder) }) {
        read.change = nil
        read.problem = "\(twin.path) has the same number; renumber one of the two"
      }
      if let change = read.change, change.steps.isEmpty {
        try await cache.set("1", for: "stepless/\(folder.digest)")
        continue
      }
      open.append(read)
    }
    return open.sorted { ($0.connection, $0.table, $0.folder.number) < ($1.connection, $1.table, $1.folder.number) }
  }

  private func read(
    _ folder: ChangeFolder, from files: [BlobID: [UInt8]], connection: ConnectionName, destination: DestinationName
  ) -> OpenFolder {
    let path = "\(folder.path)/change.yaml"
    var open = OpenFolder(
      folder: folder, connection: connection,
      table: TableName(folder.tableFolder.path.split(separator: "/").last.map(String.init) ?? "")
        ?? TableName(schema: "", name: folder.tableFolder.path),
      destination: destination)
    guard let bytes = folder.files["change.yaml"].flatMap({ files[$0] }) else {
      open.problem = "\(path) is missing"
      return open
    }
    let (change, problems) = parseChange(bytes, path: path)
    if let change {
      open.table = change.table
      open.change = change
      if change.number != folder.number || change.connection != connection {
        open.change = nil
        open.problem = "\(path) speaks of another change than its folder does"
      }
    }
    if open.change == nil, open.problem == nil {
      open.problem = problems.map(\.description).joined(separator: "\n")
    }
    return open
  }

  func pending(
    _ open: OpenFolder, change: Change, tree: RepositoryTree, dialect: Dialect
  ) async throws -> PendingChange {
    let mappingBlob = tree.files[open.folder.tableFolder.mapping]
    let wanted = [open.folder.files["up.sql"], mappingBlob].compactMap { $0 }
    let blobs = try await repository.blobs(wanted)
    var statements: [String] = []
    if let bytes = open.folder.files["up.sql"].flatMap({ blobs[$0] }) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ConfigurationError("\(open.folder.path)/up.sql is not UTF-8")
      }
      statements = try dialect.split(text)
    }
    let mapping = mappingBlob.flatMap { blobs[$0] }
      .flatMap { parseMapping($0, path: open.folder.tableFolder.mapping).0 }
    return PendingChange(
      folder: open.folder, change: change, statements: statements, mapping: mapping, mappingBlob: mappingBlob,
      destination: open.destination, commit: tree.commit)
  }
}
