import DriftCore

extension Reconciler {
  /// Whether the drift of a table, or of the connection, is to be proposed, and why not.
  func standing(
    of subject: DriftSubject, _ remainder: Remainder, connection: Observed,
    comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) -> Standing {
    if let table = subject.table, pending.contains(TableInConnection(connection: connection.name, table: table)) {
      return .applying
    }
    let places = folders(of: connection.name, in: work.tree)
    if let reason = work.hold(on: subject, of: connection.name, in: places) { return .unreadable(reason) }
    if remainder.proposed.isEmpty { return .refused }
    let isReportOnly =
      subject.table.map(comparison.reportOnly.contains) ?? false || remainder.proposed.allSatisfy(\.isReportOnly)
    return connection.policy.mode == .observe || isReportOnly ? .reported : .drifted
  }

  /// What is left of a subject's drift without what was refused.
  func remainder(
    of subject: DriftSubject, _ changes: [ClassifiedChange], connection: Observed, comparison: Comparison, work: Work
  ) throws -> Remainder {
    Remainder(
      of: changes, refused: work.refusals.findings, mapping: subject.table.flatMap { comparison.files[$0]?.mapping },
      landed: subject.table.flatMap { comparison.observed($0) },
      dialect: try dialect(of: connection.policy.destination))
  }
}
