import DriftCore

/// A connection's drift as the rules judge it.
struct Comparison: Sendable {
  var snapshot: SchemaSnapshot
  /// Only subjects with drift.
  var changes: [DriftSubject: [ClassifiedChange]] = [:]
  /// Of tables of which only the rest is proposed.
  var refused: [TableName: RefusedParts] = [:]
  /// Nil where there is none, or it was in order when it was read last.
  var connectionFile: ConnectionFile?
  /// What could not be judged in this look: whatever is open for it stays as it is.
  var unclear: Set<DriftSubject> = []
  /// Tables whose drift is shown and not proposed.
  var reportOnly: Set<TableName> = []
  /// Files of the tables that were opened.
  var files: [TableName: TableFiles] = [:]
  var unreadable: [TableReport] = []
  /// What went wrong beside the point.
  var warnings: [String] = []
  var losses: (all: Losses, open: Losses)
  /// Tables and views of the destination, targets of the opened tables among them.
  var live: LiveTables
  var settled: Settled

  func observed(_ table: TableName) -> ObservedTable? {
    // They are sorted, and this is asked of every table that drifted.
    var (low, high) = (0, snapshot.tables.count)
    while low < high {
      let middle = (low + high) / 2
      if snapshot.tables[middle].name < table { low = middle + 1 } else { high = middle }
    }
    return low < snapshot.tables.count && snapshot.tables[low].name == table ? snapshot.tables[low] : nil
  }

  /// Of the columns that a table is promised or observed to have.
  func names(of table: TableName) -> [ColumnName] {
    (files[table]?.contract?.columns.map(\.name) ?? []) + (observed(table)?.columns.map(\.name) ?? [])
  }
}

extension Reconciler {
  /// Reads what must be read and compares: a table whose digest is settled is not opened at all.
  ///
  /// - Parameter sweeps: whether the source is asked for the columns of tables whose turn it is.
  func compare(
    _ connection: Observed, work: Work, sweeps: Bool, usage: inout Usage
  ) async throws -> Comparison {
    let dialect = try dialect(of: connection.policy.destination)
    let folders = work.contractFolders(of: connection.name)
    let unlisted = connection.snapshot(lists: [:], dialect: dialect)
    var snapshot = unlisted
    var opened = try await open(snapshot, connection, folders: folders, work: work)
    var live = try await live(for: opened, connection, usage: &usage)
    var changes = compared(opened, snapshot, connection, live: live, dialect)
    let asked = try await askColumns(
      for: changes, snapshot, connection, opened: &opened, dialect: dialect, work: work, sweeps: sweeps)
    usage.columnCalls += asked.calls
    if !asked.lists.isEmpty {
      live = try await self.live(for: opened, connection, usage: &usage)
      snapshot = connection.snapshot(lists: asked.lists, dialect: dialect)
      changes = compared(opened, snapshot, connection, live: live, dialect)
    }
    snapshot.gaps += asked.gaps
    let listed = Set(snapshot.tables.map(\.name))
    let missing = opened.byTable.values.compactMap(\.contract)
      .filter { !$0.isDeprecated && !listed.contains($0.table) }.map(\.table).sorted()
    for table in missing {
      snapshot.gaps.append("Fivetran's settings do not list \(table); nothing is concluded from that")
    }
    var comparison = Comparison(
      snapshot: snapshot,
      losses: losses(
        changes, snapshot, missing: missing, opened: opened, connection: connection.name, work: work),
      live: live, settled: opened.stillSettled)
    comparison.files = opened.byTable
    comparison.unreadable = opened.unreadable
    // Half of the facts say nothing against what all of them said.
    let halfKnown = connection.gaps.isEmpty ? [] : snapshot.tables.map(\.name)
    comparison.unclear = Set((missing + asked.unanswered + halfKnown).map { .table($0) })
    comparison.warnings = asked.warnings
    judge(changes, connection, dialect: dialect, into: &comparison)
    try await compareConnection(connection, dialect: dialect, work: work, into: &comparison)
    // The next look begins without lists of columns, and must find what it would find then.
    settle(unlisted, folders: folders, work: work, in: &comparison)
    return comparison
  }

  func dialect(of destination: DestinationName) throws -> Dialect {
    guard let dialect = destinations[destination]?.dialect else {
      throw ActivityError(
        activity: "destination \"\(destination)\"",
        cause: ConfigurationError("is not configured; see destinations in mooring.yaml"))
    }
    return dialect
  }

  /// The catalogue with the targets of every opened table in it: those that no earlier look knew of are read now.
  private func live(
    for opened: OpenedTables, _ connection: Observed, usage: inout Usage
  ) async throws -> LiveTables {
    let targets = opened.byTable.values.compactMap(\.mapping?.target).filter { $0.kind != .none }
    let missing = Set(targets.map(\.table.schema)).subtracting(connection.live.schemas)
    if missing.isEmpty { return connection.live }
    var live = connection.live
    let more = try await observer.liveTables(
      of: missing.sorted(), in: connection.policy.destination, usage: &usage)
    live.schemas.formUnion(more.schemas)
    live.byName.merge(more.byName) { first, _ in first }
    return live
  }

  private func compared(
    _ opened: OpenedTables, _ snapshot: SchemaSnapshot, _ connection: Observed, live: LiveTables,
    _ dialect: Dialect
  ) -> [TableName: [SchemaChange]] {
    var changes: [TableName: [SchemaChange]] = [:]
    for table in snapshot.tables {
      if let contract = opened.byTable[table.name]?.contract {
        if contract.status != "active", contract.status != "draft" { continue }
        var found = diff(
          from: contract, to: table, unlisted: connection.policy.columns, dialect: dialect)
        if let files = opened.byTable[table.name], let mapping = files.mapping {
          found += targetDrift(
            from: mapping, isRendered: mapping.isRendered(in: files.loadBytes, from: table, dialect: dialect),
            to: live.byName[mapping.target.table], landed: table,
            dialect: dialect)
        }
        if !found.isEmpty { changes[table.name] = found }
      } else if !opened.skipped.contains(table.name), table.isEnabled, table.landed == .present,
        table.inSource != .absent, connection.policy.newTables != .ignore
      {
        changes[table.name] = [.tableAdded(table)]
      }
    }
    return changes
  }

  private func judge(
    _ changes: [TableName: [SchemaChange]], _ connection: Observed, dialect: Dialect,
    into comparison: inout Comparison
  ) {
    for (table, found) in changes {
      let policies = Policies(
        contract: comparison.files[table]?.contract, table: table, connection: connection.policy,
        project: project.policies)
      let judged = classify(
        found, connection: connection.name,
        context: RuleContext(
          table: table, service: connection.status.service, dialect: dialect,
          lookAlikes: lookAlikes(of: found, among: comparison.names(of: table))),
        policies: policies)
      if judged.isEmpty { continue }
      comparison.changes[.table(table)] = judged
      let isNew = comparison.files[table]?.contract == nil
      if (isNew && connection.policy.newTables == .report) || judged.allSatisfy(\.isReportOnly) {
        comparison.reportOnly.insert(table)
      }
    }
  }

  /// Opened tables in which nothing differs need not be opened again until something of theirs moves.
  private func settle(
    _ snapshot: SchemaSnapshot, folders: [String: BlobID], work: Work,
    in comparison: inout Comparison
  ) {
    for table in snapshot.tables where comparison.changes[.table(table.name)] == nil {
      guard let files = comparison.files[table.name], let contract = folders[files.folder.path]
      else { continue }
      let target = files.mapping.flatMap { $0.target.kind == .none ? nil : $0.target.table }
      let digest = settledDigest(
        of: table, contract: contract, mapping: work.tree.files[files.folder.mapping],
        load: work.tree.files[files.folder.load],
        target: target.flatMap { comparison.live.byName[$0] }, policy: work.policyDigest)
      comparison.settled.add(table.name, Settled.Entry(digest: digest, target: target))
    }
  }
}

extension ClassifiedChange {
  /// Nothing can be drafted for it yet: it is shown, and a person acts.
  var isReportOnly: Bool {
    switch change {
    case .targetMissing, .targetTypeDiffers: true
    default: false
    }
  }
}

struct ConfigurationError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
