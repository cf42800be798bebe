import DriftCore
import Synchronization

/// Cuts between the calls of the ports, around what is sent to Fivetran and what is written down.
struct CutPort: Warehouse, AuditLog, Leases {
  let inner: any Warehouse & AuditLog & Leases
  let scissors: Scissors
  /// Whether a call that fails is this process's end: the destination ended its connection.
  var endsOnFailure = false

  private func alive<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    try scissors.checkAlive()
    let value: Value
    do { value = try await work() } catch {
      if endsOnFailure, let point = scissors.point { try scissors.reach(point) }
      throw error
    }
    return value
  }

  func catalogue(of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void) async throws {
    try await alive { try await inner.catalogue(of: schemas, each: each) }
  }
  func table(_ name: TableName) async throws -> CatalogueTable? { try await alive { try await inner.table(name) } }
  func tables(_ names: [TableName]) async throws -> [TableName: CatalogueTable] {
    try await alive { try await inner.tables(names) }
  }
  func hasSharedKeys(_ key: TableKey) async throws -> Bool { try await alive { try await inner.hasSharedKeys(key) } }
  func settle(_ entry: LedgerEntry, audit: AuditRecord) async throws -> Bool {
    try await alive { try await inner.settle(entry, audit: audit) }
  }
  var linesRunAhead: Bool { inner.linesRunAhead }
  func ledger() async throws -> [LedgerEntry] { try await alive { try await inner.ledger() } }
  func ledger(after known: [LedgerEntry]) async throws -> [LedgerEntry] {
    try await alive { try await inner.ledger(after: known) }
  }
  func append(_ records: [AuditRecord]) async throws { try await alive { try await inner.append(records) } }
  func audit(each: @Sendable (String) throws -> Void) async throws { try await inner.audit(each: each) }
  func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    try await alive { try await inner.take(target, as: holder, over: token) }
  }
  func release(_ lease: Lease) async throws { try await alive { try await inner.release(lease) } }

  func execute(_ statement: MergedStatement) async throws -> StatementOutcome {
    if endsOnFailure { try scissors.reach(.beforeAct) }
    let outcome = try await alive { try await inner.execute(statement) }
    if endsOnFailure { try scissors.reach(.afterLine) }
    return outcome
  }

  func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {
    guard entry.step.step == 1, entry.state == .done else {
      return try await alive { try await inner.record(entry, audit: audit, under: lease) }
    }
    // What is only looked at has no act of its own.
    if !scissors.hasActed {
      try scissors.reach(.beforeAct)
      try scissors.reach(.beforeAnswer)
    }
    try scissors.reach(.beforeRecord)
    if scissors.point == .beforeLine {
      // What is one transaction has no such moment.
      if !endsOnFailure { try await inner.append([audit]) }
      try scissors.reach(.beforeLine)
    }
    try await inner.record(entry, audit: audit, under: lease)
    try scissors.reach(.afterLine)
  }
}

/// Fivetran, with one connection whose settings and syncs are counted.
final class CutSource: Sendable {
  struct State {
    var patches = 0
    var syncs = 0
    var isHashed = false
    var isSyncing = false
    var succeededAt: Int64 = 1
  }

  let state = Mutex(State())

  func finishSync() {
    state.withLock { state in
      if state.isSyncing { state.succeededAt += 1 }
      state.isSyncing = false
    }
  }
}

struct CutSourcePort: ConnectionSource {
  let source: CutSource
  let scissors: Scissors

  func connections() async throws -> [ConnectionStatus] {
    try scissors.checkAlive()
    return source.state.withLock { state in
      [
        ConnectionStatus(
          id: "crm_id", schema: "crm", service: "salesforce", groupID: "group",
          syncState: state.isSyncing ? "syncing" : "scheduled",
          succeededAt: Timestamp(microseconds: state.succeededAt * 1_000_000))
      ]
    }
  }

  func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    try scissors.checkAlive()
    let isHashed = source.state.withLock { $0.isHashed }
    return ConnectionSettings(
      changeHandling: .allowAll,
      tables: [
        TableSetting(
          source: SourceTable(schema: "crm", name: "account"), name: TableName(schema: "crm", name: "account"),
          isEnabled: true, columns: [ColumnSetting(source: "tier", name: "tier", isHashed: isHashed)])
      ])
  }

  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting] {
    try scissors.checkAlive()
    return []
  }

  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {
    try act {
      $0.patches += 1; $0.isHashed = patch.hashed ?? $0.isHashed
    }
  }

  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {
    try act {
      $0.syncs += 1; $0.isSyncing = true
    }
  }

  private func act(_ effect: (inout CutSource.State) -> Void) throws {
    try scissors.reach(.beforeAct)
    source.state.withLock { effect(&$0) }
    scissors.noteAct()
    try scissors.reach(.beforeAnswer)
  }
}
