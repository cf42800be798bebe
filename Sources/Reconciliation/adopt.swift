package import DriftCore

extension Reconciler {
  /// What a person says about merged changes that no ledger knows.
  package enum Adoption: Sendable {
    /// Their results that are there are taken over; the rest stays held.
    case whatIsThere
    /// As `whatIsThere`, and what is not there is to be applied from now on.
    case applyTheRest
  }

  /// Opens the ledger of each destination and takes over what was merged before it was kept.
  package func adopt(
    _ adoption: Adoption, on tree: RepositoryTree? = nil, only names: Set<ConnectionName>? = nil
  ) async throws -> [AppliedChange] {
    let tree = try await fetched(tree)
    let chosen = project.connections.filter { names?.contains($0.key) ?? true }
    let ledgers = try await ledgers(for: Array(chosen.values))
    if let rewritten = try await rewrittenBase(tree, ledgers: ledgers, isDryRun: false) { throw rewritten }
    var adopted: [AppliedChange] = []
    var held: Set<DestinationName> = []
    for open in try await unfinishedFolders(in: tree, ledgers: ledgers, only: Set(chosen.keys)) {
      guard let change = open.change, let destination = destinations[open.destination] else {
        adopted.append(
          AppliedChange(
            connection: open.connection, table: open.table, change: open.folder.path,
            outcome: .held(open.problem ?? "")))
        held.insert(open.destination)
        continue
      }
      let ledger = try ledgers[open.destination]?.get() ?? []
      if ledger.contains(where: { $0.kind == "ledger" }) { continue }
      let pending = try await pending(
        open, change: change, tree: tree, dialect: destination.dialect)
      let result = try await adoptIfThere(pending, destination: destination, isDryRun: false)
      if result.outcome != .adopted { held.insert(open.destination) }
      adopted.append(result)
    }
    for name in Set(chosen.values.map(\.destination)).sorted() {
      guard let destination = destinations[name] else { continue }
      if case .whatIsThere = adoption, held.contains(name) { continue }
      try await openLedger(of: name, destination: destination, commit: tree.commit)
    }
    return adopted
  }

  /// The line with which a ledger begins: from here on, what it does not have has not been done.
  func openLedger(of name: DestinationName, destination: Destination, commit: CommitID) async throws {
    let entry = LedgerEntry(
      step: StepID(
        destination: name, connection: "", table: TableName(schema: "", name: ""), change: 0,
        step: 0),
      state: .done, kind: "ledger", digest: "", commit: commit.text, detail: "opened")
    try await beforeAct("open the ledger of \(name)")
    try await during("opening the ledger of \"\(name)\"") {
      try await destination.warehouse.record(entry, audit: signed(AuditRecord(of: entry)), under: nil)
    }
  }

  /// Where every result of the change is in place it is written down as adopted; else it is held.
  func adoptIfThere(
    _ pending: PendingChange, destination: Destination, isDryRun: Bool
  ) async throws -> AppliedChange {
    let change = pending.change
    var result = AppliedChange(
      connection: change.connection, table: change.table, change: change.folder,
      outcome: .adopted)
    let probe = try await probe(pending, destination: destination, statuses: [])
    if let missing = missingResult(of: pending, probe: probe) {
      result.outcome = .held(
        "merged before this ledger was opened, and \(missing). Say with: mooring adopt (--apply-rest runs it)"
      )
      return result
    }
    if !isDryRun {
      let detail = "its result was found in place"
      try await destination.warehouse.record(
        pending.entry(.adopted, step: 0, kind: change.kind, detail: detail),
        audit: signed(pending.audit(.changeAdopted, detail: detail, probe: probe)), under: nil)
    }
    return result
  }

  /// A record as this process writes it.
  func signed(_ record: AuditRecord) -> AuditRecord {
    var record = record
    record.writer = holder.name
    return record
  }
}
