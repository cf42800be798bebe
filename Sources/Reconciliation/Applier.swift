import DriftCore
import JSON

extension Reconciler {
  typealias Ledgers = [DestinationName: Result<[LedgerEntry], any Error>]

  /// Applies what was merged and is not in the ledger, as far as it goes now. Returns the tables with a change that is
  /// not finished: nothing new is proposed for them.
  func applyPending(
    in tree: RepositoryTree, statuses: [ConnectionStatus], ledgers: Ledgers,
    only names: Set<ConnectionName>, isDryRun: Bool, report: inout RunReport
  ) async throws -> Set<TableInConnection> {
    var unfinished: Set<TableInConnection> = []
    var statuses = statuses
    let folders = try await unfinishedFolders(in: tree, ledgers: ledgers, only: names)
    var approvals = try await Approvals(of: folders.map(\.folder), in: tree, for: self)
    /// The first change of a table that nobody has approved: the later ones were made on top of it.
    var unapproved: [TableInConnection: String] = [:]
    var told: [(open: OpenFolder, applied: AppliedChange)] = []
    // A stale or held change stops its own later ones only where those say that they replace nothing; each is judged alone.
    for folder in folders {
      var applied: AppliedChange
      let table = TableInConnection(connection: folder.connection, table: folder.table)
      do {
        if let earlier = unapproved[table] {
          applied = AppliedChange(of: folder, outcome: .waiting("\(earlier), which comes before it, is not approved"))
        } else {
          applied = try await apply(
            folder, tree: tree, statuses: &statuses, ledgers: ledgers, approvals: &approvals, isDryRun: isDryRun)
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        applied = AppliedChange(of: folder, outcome: .failed("\(error)"))
      }
      switch applied.outcome {
      case .applied, .adopted, .stale: break
      case .unapproved:
        unapproved[table] = applied.change
        unfinished.insert(table)
      case .waiting, .held, .failed, .planned:
        unfinished.insert(table)
      }
      report.applied.append(applied)
      told.append((folder, applied))
      if !isDryRun { await announce(applied, report: &report) }
    }
    if !isDryRun { try await tellForge(told, approvals: &approvals, report: &report) }
    return unfinished
  }

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
    var open: [OpenFolder] = []
    let folders = changeFolders(in: tree, root: root)
    for folder in folders {
      let parts = folder.path.split(separator: "/").map(String.init)
      guard let name = slugs[parts[depth]], let policy = project.connections[name],
        policy.mode != .observe, !finished.contains(folder.digest)
      else { continue }
      if try await cache.value(for: "stepless/\(folder.digest)") != nil { continue }
      var read = try await read(folder, connection: name, destination: policy.destination)
      if let twin = folders.first(where: { $0.isTwin(of: folder) }) {
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
    _ folder: ChangeFolder, connection: ConnectionName, destination: DestinationName
  ) async throws -> OpenFolder {
    let path = "\(folder.path)/change.yaml"
    var open = OpenFolder(
      folder: folder, connection: connection,
      table: TableName(folder.tableFolder.path.split(separator: "/").last.map(String.init) ?? "")
        ?? TableName(schema: "", name: folder.tableFolder.path),
      destination: destination)
    guard let blob = folder.files["change.yaml"],
      let bytes = try await repository.blobs([blob])[blob]
    else {
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

  private func apply(
    _ open: OpenFolder, tree: RepositoryTree, statuses: inout [ConnectionStatus], ledgers: Ledgers,
    approvals: inout Approvals, isDryRun: Bool
  ) async throws -> AppliedChange {
    var applied = AppliedChange(of: open, outcome: .held(open.problem ?? ""))
    guard let change = open.change else { return applied }
    guard let destination = destinations[open.destination] else {
      throw ConfigurationError("destination \"\(open.destination)\" is not configured")
    }
    var ledger = try ledgers[open.destination]?.get() ?? []
    var pending = try await pending(open, change: change, tree: tree, dialect: destination.dialect)
    if !ledger.contains(where: { $0.kind == "ledger" }) {
      // Without a ledger nobody knows what ran: what is there is adopted, the rest waits for a person.
      return try await adoptIfThere(pending, destination: destination, isDryRun: isDryRun)
    }
    let approver: String?
    switch try await approvals.approval(of: open) {
    case .missing(let reason, let wayOut):
      applied.outcome = .unapproved(reason, wayOut: wayOut)
      return applied
    case .approved(let by, let isAcknowledging):
      approver = by
      if let by, isAcknowledging { pending.change = change.acknowledged(by: "\(by), by label") }
    }
    var hasJustAsked = false
    for _ in 0..<stepsAtOnce {
      var probe = try await probe(pending, destination: destination, statuses: statuses)
      probe.hasJustAsked = hasJustAsked
      let next = nextStep(of: pending, ledger: ledger, probe: probe)
      if isDryRun {
        applied.outcome = planned(next)
        applied.steps = change.steps.map { "\($0.kind)" }
        return applied
      }
      switch next {
      case .finish:
        try await beforeAct("finish \(change.folder)")
        try await destination.warehouse.record(
          pending.entry(
            .done, step: 0, kind: "change",
            detail: "\(change.steps.count) steps" + (approver.map { "; approved by \($0)" } ?? "")))
        applied.outcome = .applied
        return applied
      case .wait(let reason):
        applied.outcome = .waiting(reason)
        return applied
      case .hold(let reason):
        applied.outcome = .held(reason)
        return applied
      case .stale(let reason):
        try await beforeAct("stale \(change.folder)")
        try await destination.warehouse.record(
          pending.entry(.stale, step: 0, kind: "change", detail: reason))
        applied.outcome = .stale(reason)
        return applied
      case .execute, .patch, .sync, .record:
        progress("\(open.table): \(change.folder)")
        applied.steps.append(
          try await carryOut(next, of: pending, destination: destination, probe: probe))
        ledger = try await destination.warehouse.ledger()
        if case .sync = next { hasJustAsked = true }
        switch next {
        case .patch, .sync:
          // Other changes of the connection must see that a sync runs, or that one was cancelled.
          statuses = try await during("listing the connections") { try await source.connections() }
        default: break
        }
      }
    }
    applied.outcome = .waiting("more batches are left for the next run")
    return applied
  }

  /// One step, with its intent written first where its effect lies outside the destination's transaction.
  private func carryOut(
    _ next: NextStep, of pending: PendingChange, destination: Destination, probe: Probe
  ) async throws -> String {
    let policy = project.connections[pending.change.connection]
    switch next {
    case .execute(let step, let statement, let parameters, let part):
      try await beforeAct("execute \(pending.id(of: step.ordinal, part: part))")
      let outcome = try await destination.warehouse.execute(
        MergedStatement(
          text: pending.statements[statement - 1], parameters: parameters,
          entry: pending.entry(.done, step: step.ordinal, part: part, kind: step.kind)))
      let words = pending.change.actions[statement - 1].words
      if part == 0 { return words }
      guard case .done(let row?) = outcome, let rows = row.last ?? nil else {
        return "\(words), batch \(part)"
      }
      return "\(words), batch \(part): \(rows) rows"
    case .patch(let step, let patch):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      if policy.settingsOwner != .mooring {
        throw ConfigurationError(
          "settings of \"\(pending.change.connection)\" belong to \(policy.settingsOwner.rawValue): set \(patch.words) there"
        )
      }
      try await destination.warehouse.record(
        pending.entry(.intended, step: step.ordinal, kind: step.kind, detail: patch.words))
      try await beforeAct("patch \(pending.id(of: step.ordinal))")
      try await source.patch(patch, on: policy.id)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: patch.words))
      return "set \(patch.words) in Fivetran"
    case .sync(let step, let tables):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      // Fivetran's own clock: the wait that follows looks for a success later than this one.
      let before = probe.connection?.succeededAt?.description ?? "1970-01-01T00:00:00Z"
      if !tables.isEmpty {
        try await destination.warehouse.record(
          pending.entry(.intended, step: step.ordinal, kind: step.kind, detail: before))
      }
      try await beforeAct("sync \(pending.id(of: step.ordinal))")
      try await source.sync(policy.id, resync: tables)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: before))
      return "asked Fivetran for a sync"
    case .record(let step, let detail):
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: detail))
      return "\(step.kind): \(detail)"
    case .finish, .wait, .hold, .stale:
      preconditionFailure("\(next) is no act")
    }
  }

  private func planned(_ next: NextStep) -> AppliedChange.Outcome {
    switch next {
    case .hold(let reason): .held(reason)
    case .stale(let reason): .stale(reason)
    case .wait(let reason): .waiting(reason)
    case .finish, .execute, .patch, .sync, .record: .planned
    }
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
      folder: open.folder, change: change, statements: statements, mapping: mapping,
      destination: open.destination, commit: tree.commit)
  }

  func probe(
    _ pending: PendingChange, destination: Destination, statuses: [ConnectionStatus]
  ) async throws -> Probe {
    let change = pending.change
    let policy = project.connections[change.connection]
    var target: CatalogueTable?
    if let name = change.target {
      target = try await during("reading \"\(name)\"") {
        try await destination.warehouse.table(name)
      }
    }
    let landed = try await during("reading \"\(change.table)\"") {
      try await destination.warehouse.table(change.table)
    }
    var settings: ConnectionSettings?
    let needsSettings = change.steps.contains { step in
      switch step.work {
      case .fivetran, .verify(.setting): true
      case .ddl, .backfill, .sync, .wait, .verify: false
      }
    }
    if needsSettings, let policy {
      settings = try await during("reading the settings of \"\(change.connection)\"") {
        try await source.settings(of: policy.id)
      }
    }
    return Probe(
      target: target,
      landed: landed.map { ObservedTable(landed: $0, dialect: destination.dialect) },
      connection: statuses.first { $0.id == policy?.id }, settings: settings,
      dialect: destination.dialect)
  }
}

/// Steps and batches of one change in one run, so that one long backfill does not keep the others waiting for ever.
private let stepsAtOnce = 1_000

extension AppliedChange {
  init(of folder: Reconciler.OpenFolder, outcome: Outcome) {
    self.init(
      connection: folder.connection, table: folder.table,
      change: folder.change?.folder ?? folder.folder.path.split(separator: "/").last.map(String.init) ?? "",
      outcome: outcome)
  }
}
