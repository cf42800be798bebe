import JSON

/// Old rows: batch by batch where the engine binds the bounds, else all of them at once.
func backfill(
  _ step: Step, _ statement: Int, _ batch: Int, _ pending: PendingChange, _ mine: [LedgerEntry],
  _ probe: Probe
) -> NextStep {
  if let connection = probe.connection, connection.isHistoricalSync {
    return .wait("a historical sync is running")
  }
  if let reason = movedLanded(pending.change, probe) { return .stale(reason) }
  let keyColumns = pending.mapping?.columns.filter(\.isKey) ?? []
  if keyColumns.isEmpty { return .hold("mapping.yaml no longer names the key along which old rows are filled") }
  let keys = keys(of: keyColumns, pending.change)
  if !probe.dialect.enforcesKeys || !keys.allSatisfy(probe.isUnique) {
    guard let shared = probe.sharedKeys else { return .probeKeys(keys) }
    if let key = shared.first {
      return .hold(
        "rows share a key of \(key): filling old rows would mix them up. Make the key unique there, and the next run goes on"
      )
    }
  }
  if !probe.dialect.fillsInBatches {
    return .execute(step, statement: statement, parameters: [], part: 0)
  }
  let width = keyColumns.count
  let parts = mine.filter {
    $0.step.step == step.ordinal && $0.step.part > 0 && $0.state == .done
  }
  guard let last = parts.max(by: { $0.step.part < $1.step.part }) else {
    let bounds = [String?](repeating: nil, count: width) + [String(batch)]
    return .execute(step, statement: statement, parameters: bounds, part: 1)
  }
  guard let bound = bound(of: last, keys: width) else {
    let count = parts.count - 1
    return .record(step, detail: "\(count) \(count == 1 ? "batch" : "batches")")
  }
  return .execute(
    step, statement: statement, parameters: bound + [String(batch)], part: last.step.part + 1)
}

/// The key on both sides of a mapping.
private func keys(of columns: [MappingColumn], _ change: Change) -> [TableKey] {
  let landed = TableKey(table: change.table, columns: columns.flatMap(\.sources))
  return [landed] + (change.target.map { [TableKey(table: $0, columns: columns.map(\.target))] } ?? [])
}

extension Probe {
  /// Whether a unique key is declared there over just these columns.
  fileprivate func isUnique(_ key: TableKey) -> Bool {
    let declared = key.table == target?.name ? target?.uniqueKeys : landed?.uniqueKeys
    return declared?.contains { Set($0) == Set(key.columns) } ?? false
  }
}

/// The last key of a batch, from its ledger line; nil where the batch was empty, which ends the backfill.
private func bound(of entry: LedgerEntry, keys: Int) -> [String?]? {
  guard let values = (try? JSONValue.parse(Array(entry.detail.utf8)))?.array, values.count >= keys
  else { return nil }
  return values.prefix(keys).map(\.string)
}
