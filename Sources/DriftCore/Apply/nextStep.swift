/// The live systems, read for one change just before a step.
package struct Probe: Sendable {
  /// Nil where it is not there.
  package var target: CatalogueTable?
  /// Where the change keeps the old view under another name, what has that name.
  package var kept: CatalogueTable?
  package var landed: ObservedTable?
  package var connection: ConnectionStatus?
  package var settings: ConnectionSettings?
  /// Unless they are Mooring's they are looked at and never changed.
  package var settingsOwner: ConnectionPolicy.SettingsOwner
  /// A sync was asked for in this very run: it may not have begun yet.
  package var hasJustAsked: Bool
  /// Of the keys that `probeKeys` asked about, those that rows share; nil where nobody has looked.
  package var sharedKeys: [TableKey]?
  package var dialect: Dialect

  package init(
    target: CatalogueTable?, kept: CatalogueTable? = nil, landed: ObservedTable?, connection: ConnectionStatus?,
    settings: ConnectionSettings?, settingsOwner: ConnectionPolicy.SettingsOwner = .mooring,
    hasJustAsked: Bool = false, dialect: Dialect
  ) {
    self.target = target
    self.kept = kept
    self.landed = landed
    self.connection = connection
    self.settings = settings
    self.settingsOwner = settingsOwner
    self.hasJustAsked = hasJustAsked
    self.dialect = dialect
  }
}

/// What apply does next for one change.
package enum NextStep: Hashable, Sendable {
  /// Every step is done.
  case finish
  /// Run the statement with these parameters; `part` counts the batches of a backfill from 1.
  case execute(Step, statement: Int, parameters: [String?], part: Int)
  case patch(Step, SettingsPatch)
  case sync(Step, [SourceTable])
  /// Resume the connection, which Mooring paused for what this change answers: its next step needs a sync.
  case unpause(ConnectionPause)
  /// Look whether rows share one of these keys, which the engine takes on trust, and decide again.
  case probeKeys([TableKey])
  /// The step's result is there: write it down.
  case record(Step, detail: String)
  /// Look again at the next poll.
  case wait(String)
  /// A person is needed; nothing runs until then.
  case hold(String)
  /// A statement does not mean what the change says: held as well, and it was somebody's doing.
  case refuse(String)
  /// What the change relies on has moved; it never runs.
  case stale(String)
}

extension NextStep {
  /// Whether something is written or sent, which takes the lease of the target.
  package var isAct: Bool {
    switch self {
    case .finish, .execute, .patch, .sync, .unpause, .record, .stale: true
    case .wait, .hold, .refuse, .probeKeys: false
    }
  }

  /// Whether a sync must not run meanwhile: that one was looked for in the beginning of a run is not enough.
  package var wantsNoSync: Bool {
    switch self {
    case .patch: true
    case .sync(_, let tables): !tables.isEmpty
    case .execute, .unpause, .finish, .record, .stale, .wait, .hold, .refuse, .probeKeys: false
    }
  }

  /// Whether it may fail in the destination or in Fivetran, which is what a breaker watches.
  var isTry: Bool {
    switch self {
    case .execute, .patch, .sync, .unpause: true
    case .finish, .record, .stale, .wait, .hold, .refuse, .probeKeys: false
    }
  }
}

/// Decides the next step from the merged change, the ledger and what is live now. Pure: a crash changes only where it
/// starts again.
package func nextStep(
  of pending: PendingChange, ledger: [LedgerEntry], probe: Probe
) -> NextStep {
  let change = pending.change
  let mine = ledger.indices.filter {
    // Line by line of a ledger that only grows: what differs soonest is asked first, and nothing is copied.
    ledger[$0].step.change == change.number && ledger[$0].step.table == change.table
      && ledger[$0].step.connection == change.connection && ledger[$0].step.destination == pending.destination
      // A try that failed changed nothing, or what it changed is looked for.
      && ledger[$0].state != .failed
  }.map { ledger[$0] }
  if let other = mine.first(where: { $0.digest != pending.folder.digest }) {
    return .hold(
      "the ledger knows this change with other content (\(other.digest.prefix(12))); a merged change must not be edited"
    )
  }
  if let missing = change.waitingAcknowledgements.first {
    return .hold("not acknowledged: \(missing.text). Write a name behind by: in change.yaml")
  }
  let done = Set(mine.filter { $0.state == .done && $0.step.part == 0 }.map(\.step.step))
  guard let step = change.steps.first(where: { !done.contains($0.ordinal) }) else {
    return .finish
  }
  if mine.isEmpty {
    // What moved since the review makes a change stale; only what is wrong with it in itself wants a person.
    if let reason = movedLanded(change, probe) ?? movedBeforeBegun(change, probe) { return .stale(reason) }
    if let reason = refusal(of: pending, probe: probe) { return .refuse(reason) }
    if let reason = change.unshownLoss(mapping: pending.mapping) { return .refuse(reason) }
  }
  switch step.work {
  case .ddl(let statement):
    return ddl(step, statement, pending, mine, probe)
  case .backfill(let statement, let batch):
    return backfill(step, statement, batch, pending, mine, probe)
  case .fivetran(let patch):
    if setting(patch, in: probe.settings) == true { return .record(step, detail: "already so") }
    if probe.settingsOwner != .mooring {
      return .wait("settings belong to \(probe.settingsOwner.rawValue): set \(patch.words) there")
    }
    if let reason = probe.connection?.quarantine { return .wait(reason) }
    // Whoever changes a setting cancels the sync that runs.
    if probe.connection?.syncState == "syncing" { return .wait("a sync is running") }
    return .patch(step, patch)
  case .sync(let tables):
    if !tables.isEmpty, mine.contains(where: { $0.step.step == step.ordinal }) {
      return .hold("a re-sync was asked for and its outcome is not known: check it in Fivetran")
    }
    if let reason = probe.connection?.quarantine { return .wait(reason) }
    if probe.connection?.isPaused == true { return paused(pending, ledger) }
    // Fivetran refuses it meanwhile, and whether it was refused could not be looked up.
    if !tables.isEmpty, probe.connection?.syncState == "syncing" { return .wait("a sync is running") }
    return .sync(step, tables)
  case .wait(.idle):
    guard let connection = probe.connection else { return .wait("the connection is not listed") }
    return connection.syncState == "syncing"
      ? .wait("a sync is running") : .record(step, detail: connection.syncState)
  case .wait(.synced):
    return synced(step, pending, mine, ledger, probe)
  case .verify(let verification):
    return verify(step, verification, pending, probe)
  }
}

extension Change {
  /// Whether the setting is Mooring's own to change.
  func patches(_ patch: SettingsPatch) -> Bool { steps.contains { $0.work == .fivetran(patch) } }
}

/// Statements that do not mean what the change says, in the words of the verifier.
private func refusal(of pending: PendingChange, probe: Probe) -> String? {
  let refusals = probe.dialect.verify(
    statements: pending.statements, against: pending.change, mapping: pending.mapping,
    landed: probe.landed.map(landedTypes) ?? [:], systemColumns: probe.landed?.systemColumns ?? [])
  return refusals.first.map { "refused: \($0)" }
}

private func ddl(
  _ step: Step, _ statement: Int, _ pending: PendingChange, _ mine: [LedgerEntry], _ probe: Probe
) -> NextStep {
  guard pending.change.actions.indices.contains(statement - 1),
    pending.statements.indices.contains(statement - 1)
  else { return .hold("step \(step.ordinal) names statement \(statement), which is not there") }
  let action = pending.change.actions[statement - 1]
  if let kept = pending.change.keptView {
    return keepView(action, as: kept, pending, step, statement: statement, probe)
  }
  guard let target = probe.target else {
    return .stale("\(pending.change.target.map(\.description) ?? "the target") is not there")
  }
  switch action {
  case .addColumn(let name, let type), .setType(let name, let type):
    if let column = target.columns.first(where: { $0.name == name }),
      probe.dialect.parseType(column.physicalType) == type
    {
      return .record(step, detail: "already so")
    }
    if let reason = movedTarget(name, pending.change, statement, target, probe.dialect) {
      return .stale(reason)
    }
  case .renameColumn(let from, let to):
    if isRenamed(from, to, pending.change, statement, target, probe.dialect) {
      return .record(step, detail: "already so")
    }
    // No name is given away before all is as it should be: half a swap leaves a column without its name.
    for name in pending.change.expectedTarget(after: statement - 1).keys.sorted() {
      if let reason = movedTarget(name, pending.change, statement, target, probe.dialect) { return .stale(reason) }
    }
  case .dropColumn(let name), .dropNotNull(let name), .setNotNull(let name), .commentColumn(let name, _):
    if let reason = movedTarget(name, pending.change, statement, target, probe.dialect) {
      return .stale(reason)
    }
  case .copyColumn(let from, _, let to, _):
    for name in [from, to] {
      if let reason = movedTarget(name, pending.change, statement, target, probe.dialect) { return .stale(reason) }
    }
  case .addPrimaryKey(let names):
    for name in names {
      if let reason = movedTarget(name, pending.change, statement, target, probe.dialect) { return .stale(reason) }
    }
  case .commentTable, .dropPrimaryKey, .renameTable, .grant: break
  case .replaceView, .dropView, .backfill:
    if let reason = movedLanded(pending.change, probe) { return .stale(reason) }
  }
  return .execute(step, statement: statement, parameters: [], part: 0)
}

private func synced(
  _ step: Step, _ pending: PendingChange, _ mine: [LedgerEntry], _ ledger: [LedgerEntry], _ probe: Probe
) -> NextStep {
  guard let connection = probe.connection else { return .wait("the connection is not listed") }
  let asked = mine.last { $0.kind == "sync" || $0.kind == "resync" }
  let before = asked.flatMap { Timestamp(iso8601: $0.detail) }
  if connection.syncState == "syncing" { return .wait("the sync is running") }
  if let succeeded = connection.succeededAt, before.map({ succeeded > $0 }) ?? true {
    return .record(step, detail: succeeded.description)
  }
  if let failed = connection.failedAt, before.map({ failed > $0 }) ?? false {
    return .hold("the sync failed at \(failed): see the connection in Fivetran")
  }
  if let reason = connection.quarantine { return .wait(reason) }
  if connection.isPaused { return paused(pending, ledger) }
  // Whoever changes a setting cancels the sync that runs, and nothing says so afterwards. A plain sync may be asked for
  // again; a re-sync never is.
  if !probe.hasJustAsked, connection.syncState == "scheduled", asked?.kind == "sync",
    let sync = pending.change.steps.last(where: { $0.ordinal < step.ordinal && $0.kind == "sync" })
  {
    return .sync(sync, [])
  }
  return .wait("no sync has succeeded since it was asked for")
}

private func verify(
  _ step: Step, _ verification: Step.Verification, _ pending: PendingChange, _ probe: Probe
) -> NextStep {
  switch verification {
  case .targetColumn(let name, let type):
    let column = probe.target?.columns.first { $0.name == name }
    // The statement took effect and its result is no longer there: somebody else works on the target.
    guard let column else { return .stale("\(name) was added and is not in the target") }
    if probe.dialect.parseType(column.physicalType) == type {
      return .record(step, detail: column.physicalType)
    }
    return .stale("\(name) has type \(column.physicalType) in the target")
  case .targetView:
    guard probe.target?.isView == true else { return .stale("the view is not there") }
    if let missing = missingOfNewView(pending.change, mapping: pending.mapping, probe) { return .stale(missing) }
    return .record(step, detail: "view")
  case .landedColumn(let name):
    if let column = probe.landed?.columns.first(where: { $0.name == name }),
      column.landed == .present
    {
      return .record(step, detail: column.physicalType ?? "landed")
    }
    return .wait("\(name) has not landed yet")
  case .setting(let patch):
    switch setting(patch, in: probe.settings) {
    case true: return .record(step, detail: patch.words)
    case false where !pending.change.patches(patch):
      return .wait(
        "\(patch.words) is to be set on \(patch.column ?? "\(patch.table)") by whoever keeps Fivetran's settings")
    case false: return .hold("Fivetran does not have \(patch.words) on \(patch.column ?? "the table")")
    default: return .wait("Fivetran does not list the setting yet")
    }
  }
}

/// Whether Fivetran has the setting; nil where it does not list the object.
func setting(_ patch: SettingsPatch, in settings: ConnectionSettings?) -> Bool? {
  guard let table = settings?.tables.first(where: { $0.source == patch.table }) else { return nil }
  guard let name = patch.column else { return patch.enabled.map { $0 == table.isEnabled } }
  guard let column = table.columns.first(where: { ColumnName($0.source) == ColumnName(name) })
  else { return nil }
  return (patch.enabled.map { $0 == column.isEnabled } ?? true)
    && (patch.hashed.map { $0 == column.isHashed } ?? true)
}

func movedLanded(_ change: Change, _ probe: Probe) -> String? {
  if change.footprint.landed.isEmpty { return nil }
  guard let landed = probe.landed else { return "\(change.table) is not landed" }
  let types = landedTypes(of: landed)
  for (name, expected) in change.footprint.landed.sorted(by: { $0.key < $1.key }) {
    guard let type = types[name] else { return "\(change.table).\(name) is gone" }
    if type != expected { return "\(change.table).\(name) has another type now" }
  }
  return nil
}
