import DriftCore

extension Reconciler {
  /// Whether the drift of a table is to be proposed, and why not.
  func standing(
    of table: TableName, _ changes: [ClassifiedChange], connection: Observed,
    comparison: Comparison, refused: Set<String>, pending: Set<TableInConnection>
  ) -> TableReport.Standing {
    if pending.contains(TableInConnection(connection: connection.name, table: table)) {
      return .applying
    }
    if changes.allSatisfy({ refused.contains($0.fingerprint) }) { return .refused }
    if connection.policy.mode == .observe || comparison.reportOnly.contains(table) {
      return .reported
    }
    return .drifted
  }
}
