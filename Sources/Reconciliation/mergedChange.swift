import DriftCore

extension Reconciler {
  /// A change as the ledger has it, read at the commit at which it was applied, and its table's files around its landing.
  func mergedChange(_ recorded: RecordedChange, dialect: Dialect) async throws -> MergedChange {
    let (folder, change) = try await mergedFolder(recorded)
    let landing = try await repository.landings(of: [folder.path], at: recorded.commit)[folder.path]
    guard let landing, let parent = landing.parent else {
      throw UndoRefusal(
        "where \(folder.path) landed is not in the history that is looked at", hint: "write the way back by hand")
    }
    let (before, after) = (try await repository.tree(of: parent), try await repository.tree(of: landing.commit))
    let table = folder.tableFolder
    let places = [before, after].flatMap { tree in [table.contract, table.mapping].map { tree.files[$0] } }
    let scripts = [folder.files["up.sql"], folder.files["down.sql"]]
    let blobs = try await repository.blobs((places + scripts).compactMap { $0 })
    let files = places.map { $0.flatMap { blobs[$0] } ?? [] }
    let statements = try scripts.map { blob in
      try dialect.split(String(decoding: blob.flatMap { blobs[$0] } ?? [], as: UTF8.self))
    }
    return MergedChange(
      folder: folder, change: change, statements: statements[0], down: statements[1],
      before: MergedChange.Files(contract: files[0], mapping: files[1]),
      after: MergedChange.Files(contract: files[2], mapping: files[3]))
  }

  func mergedFolder(_ recorded: RecordedChange) async throws -> (ChangeFolder, Change) {
    let tree = try await during("reading change \(numbered(recorded.number)) as it was applied") {
      try await repository.tree(of: recorded.commit)
    }
    guard let folder = changeFolders(in: tree, root: root).first(where: { $0.digest == recorded.digest }),
      let blob = folder.files["change.yaml"], let bytes = try await repository.blobs([blob])[blob],
      let change = parseChange(bytes, path: "\(folder.path)/change.yaml").0
    else {
      throw UndoRefusal(
        "change \(numbered(recorded.number)) of \(recorded.table) is not in commit \(recorded.commit.short), at which it was applied",
        hint: "was the contract folder moved? write the way back by hand")
    }
    return (folder, change)
  }

  /// Drafts what takes an applied change back, from what is live now.
  ///
  /// - Parameter recorded: with every change of its table in `all`.
  func undoDraft(
    of recorded: RecordedChange, among all: [RecordedChange], ledger: [LedgerEntry], work: Work,
    statuses: [ConnectionStatus]
  ) async throws -> TableDraft {
    guard let policy = project.connections[recorded.connection], let destination = destinations[policy.destination]
    else { throw ConfigurationError("connection \"\(recorded.connection)\" has no destination") }
    let dialect = destination.dialect
    let merged = try await mergedChange(recorded, dialect: dialect)
    let pending = PendingChange(
      folder: merged.folder, change: merged.change, statements: merged.statements, mapping: nil,
      destination: policy.destination, commit: recorded.commit)
    let probe = try await probe(pending, destination: destination, statuses: statuses)
    guard let landed = probe.landed else {
      throw UndoRefusal("\(recorded.table) is not landed", hint: "write the way back by hand")
    }
    if let missing = missingResult(of: pending, probe: probe) {
      throw UndoRefusal(
        "what \(merged.change.folder) did is there no longer: \(missing)",
        hint: "look at what became of the target; the next run proposes what its mapping promises and it lacks")
    }
    var later: [Change] = []
    for other in all.later(than: recorded.number) { later.append(try await mergedFolder(other).1) }
    let withdrawn = classify(
      [try merged.withdrawn(dialect)], connection: recorded.connection,
      context: RuleContext(table: recorded.table, service: probe.connection?.service ?? "", dialect: dialect),
      policies: Policies(contract: nil, table: recorded.table, connection: policy, project: project.policies))
    if withdrawn.isEmpty {
      throw UndoRefusal("the policy for change.withdrawn is ignore", hint: "set it to block in mooring.yaml")
    }
    let files = try await files(in: merged.folder.tableFolder, work: work)
    let superseded = all.last { $0.state == .stale && $0.undoes == recorded.number }
    let context = DraftContext(
      connection: recorded.connection, service: probe.connection?.service ?? "", settingsOwner: policy.settingsOwner,
      files: files, landed: landed, target: probe.target,
      number: nextNumber(
        for: recorded.table, connection: recorded.connection, folder: files.folder, work: work, ledger: ledger),
      superseded: superseded.flatMap { _ in Superseded(table: recorded.table, of: recorded.connection, in: ledger) },
      server: ContractServer(
        name: policy.destination.text, type: dialect.id, schema: recorded.table.schema,
        connectionID: policy.id.text, connectorType: "", groupID: ""),
      dialect: dialect)
    do {
      return try draft(undoing: merged, as: withdrawn, later: later, in: context)
    } catch let refusal as DraftRefusal {
      throw UndoRefusal(
        "its way back cannot be drafted: \(refusal)",
        hint: "set in mapping.yaml what the reason asks for, or write what should be instead as a change of its own")
    }
  }

  /// A table's files on the protected branch; one with an error is refused with its place.
  private func files(in folder: TableFolder, work: Work) async throws -> TableFiles {
    var opened = OpenedTables()
    try await read([folder.path], work: work, into: &opened) { _ in nil }
    if let files = opened.byTable.values.first { return files }
    let problem = opened.unreadable.first.map { report -> String in
      if case .unreadable(let words) = report.standing { words } else { "" }
    }
    throw UndoRefusal(
      problem.flatMap { $0.isEmpty ? nil : $0 } ?? "\(folder.contract) is not on the protected branch any more",
      hint: "put the table's files in order first")
  }
}
