import DriftCore

extension Reconciler {
  /// Whether the drift of a table, or of the connection, is to be proposed, and why not.
  func standing(
    of subject: DriftSubject, _ changes: [ClassifiedChange], connection: Observed,
    comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) -> Standing {
    if let table = subject.table, pending.contains(TableInConnection(connection: connection.name, table: table)) {
      return .applying
    }
    if let reason = work.hold(on: subject, of: connection.name) { return .unreadable(reason) }
    if changes.allSatisfy({ work.refusals.findings.contains($0.fingerprint) }) { return .refused }
    if connection.policy.mode == .observe || subject.table.map(comparison.reportOnly.contains) ?? false {
      return .reported
    }
    return .drifted
  }
}
