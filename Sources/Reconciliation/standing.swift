import DriftCore

extension Reconciler {
  /// Whether the drift of a table is to be proposed, and why not.
  func standing(
    of table: TableName, _ changes: [ClassifiedChange], connection: Observed,
    comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) -> TableReport.Standing {
    if pending.contains(TableInConnection(connection: connection.name, table: table)) {
      return .applying
    }
    if let reason = work.hold(on: table, of: connection.name) { return .unreadable(reason) }
    if changes.allSatisfy({ work.refusals.findings.contains($0.fingerprint) }) { return .refused }
    if connection.policy.mode == .observe || comparison.reportOnly.contains(table) {
      return .reported
    }
    return .drifted
  }
}
