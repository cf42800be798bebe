import JSON

extension PendingChange {
  /// How much of its target the next step writes again, in bytes; nil where it writes nothing again. A size that the
  /// catalogue does not tell counts as nothing.
  package func rewrittenBytes(by next: NextStep, probe: Probe) -> Int64? {
    guard case .execute(_, let statement, _, let part) = next, part <= 1,
      change.actions.indices.contains(statement - 1)
    else { return nil }
    switch change.actions[statement - 1] {
    case .copyColumn, .backfill: break
    case .setType(let name, let type):
      guard let before = change.footprint.target[name] ?? nil else { break }
      let how = probe.dialect.change(from: before, to: type)
      if how == .same || how == .inPlace(rewrites: false) { return nil }
    case .addColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable,
      .addPrimaryKey, .dropPrimaryKey, .renameTable, .replaceView, .dropView, .grant:
      return nil
    }
    return probe.target?.byteSize ?? 0
  }

  /// The line that remembers it: it is written before the step.
  package func rewriting(_ bytes: Int64, by step: Step) -> LedgerEntry {
    let value: JSONValue = ["rewritten_bytes": .number(String(bytes))]
    return entry(.intended, step: step.ordinal, kind: step.kind, detail: value.canonicalText)
  }
}

/// Why a step has to wait because enough was done in the last hour, and until when; nil where it may run.
///
/// - Parameters:
///   - bytes: what it writes again.
///   - limits: of the destination, then of the connection.
package func limit(
  on next: NextStep, of pending: PendingChange, bytes: Int64?, ledger: [LedgerEntry],
  limits: [(scope: HoldScope, limits: ApplyLimits)], at now: Timestamp
) -> String? {
  switch next {
  case .execute, .patch, .sync: break
  case .finish, .unpause, .probeKeys, .record, .wait, .hold, .refuse, .stale: return nil
  }
  for (scope, limits) in limits where limits != ApplyLimits() {
    let lines = ledger.reversed().lazy.filter { entry in
      entry.step.destination == pending.destination && scope.covers(entry.step.table, of: entry.step.connection)
    }
    let recent = lines.prefix { ($0.at ?? Timestamp(microseconds: .min)) > now.adding(seconds: -hour) }
    if let reason = limits.exceeded(by: next, of: pending, bytes: bytes, recent: Array(recent), scope: scope) {
      return reason
    }
  }
  return nil
}

private let hour: Int64 = 3600

extension ApplyLimits {
  /// - Parameter recent: lines of the last hour, newest first.
  fileprivate func exceeded(
    by next: NextStep, of pending: PendingChange, bytes: Int64?, recent: [LedgerEntry], scope: HoldScope
  ) -> String? {
    if let tables, let reason = exceeded(tables, of: pending, recent, scope) { return reason }
    if let resyncs, case .sync(_, let asked) = next, !asked.isEmpty {
      let earlier = recent.filter { $0.kind == "resync" && $0.state == .intended }
      if earlier.count >= resyncs {
        return told(
          counted(earlier.count, "re-sync"), "resyncs: \(resyncs)", scope,
          again: resyncs == 0 ? nil : earlier[resyncs - 1].at)
      }
    }
    if let rewrittenBytes, let bytes, bytes > 0 {
      return exceeded(Int64(rewrittenBytes), by: bytes, recent, scope)
    }
    return nil
  }

  private func exceeded(
    _ limit: Int, of pending: PendingChange, _ recent: [LedgerEntry], _ scope: HoldScope
  ) -> String? {
    var last: [TableOfConnection: Timestamp] = [:]
    for entry in recent where entry.isEffect {
      let table = TableOfConnection(connection: entry.step.connection, table: entry.step.table)
      if last[table] == nil { last[table] = entry.at }
    }
    let own = TableOfConnection(connection: pending.change.connection, table: pending.change.table)
    if last[own] != nil || last.count < limit { return nil }
    let newestFirst = last.values.sorted(by: >)
    return told(counted(last.count, "table"), "tables: \(limit)", scope, again: newestFirst[limit - 1])
  }

  private func exceeded(
    _ limit: Int64, by bytes: Int64, _ recent: [LedgerEntry], _ scope: HoldScope
  ) -> String? {
    if bytes > limit {
      return "it writes \(bytes) bytes again, more than rewritten_bytes: \(limit) of \(scope) allows in any hour"
    }
    var sum = bytes
    for entry in recent {
      guard let earlier = entry.rewrittenBytes else { continue }
      let (total, isTooLarge) = sum.addingReportingOverflow(earlier)
      sum = isTooLarge ? .max : total
      // With this one gone, and those before it, there is room.
      if sum > limit {
        return told("\(sum - bytes) bytes written again", "rewritten_bytes: \(limit)", scope, again: entry.at)
      }
    }
    return nil
  }

  private func told(_ done: String, _ limit: String, _ scope: HoldScope, again: Timestamp?) -> String {
    let time = again.map { "; goes on at \($0.adding(seconds: hour).toTheSecond)" } ?? ""
    return "\(done) in the last hour, and \(limit) of \(scope) allows no more\(time)"
  }
}

private struct TableOfConnection: Hashable {
  var connection: ConnectionName
  var table: TableName
}

extension LedgerEntry {
  /// Something was done to a table or asked of Fivetran for it.
  var isEffect: Bool { state == .done && ["ddl", "backfill", "fivetran", "sync", "resync"].contains(kind) }

  fileprivate var rewrittenBytes: Int64? {
    guard state == .intended, kind == "ddl" || kind == "backfill" else { return nil }
    return (try? JSONValue.parse(detail))?["rewritten_bytes"]?.int.map(Int64.init)
  }
}
