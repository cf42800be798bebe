/// What one read of a connection shows, counted.
package struct ReadCounts: Hashable, Sendable {
  /// Tables with an active contract.
  package var promisedTables: Int
  /// Of these, not in the read at all.
  package var missingTables: Int
  package var removedTables: Int
  package var columns: Int
  package var removedColumns: Int

  package init(
    promisedTables: Int, missingTables: Int, columns: Int, changes: [[SchemaChange]]
  ) {
    self.promisedTables = promisedTables
    self.missingTables = missingTables
    self.columns = columns
    removedTables = changes.count { $0.contains { $0.isTableRemoval } }
    removedColumns = changes.reduce(0) { $0 + $1.count { $0.isColumnRemoval } }
  }
}

/// Why a connection's drift is not proposed although it was read; nil where nothing speaks against it.
///
/// A permission lost, a half answer and a real clean-out look the same from here: a person decides.
package func massRemoval(_ counts: ReadCounts) -> String? {
  if isMass(counts.missingTables, of: counts.promisedTables, atOnce: massTables) {
    return "\(counts.missingTables) of \(counts.promisedTables) tables missing in one read"
  }
  if isMass(counts.removedTables, of: counts.promisedTables, atOnce: massTables) {
    return "\(counts.removedTables) of \(counts.promisedTables) tables removed at once"
  }
  if isMass(counts.removedColumns, of: counts.columns, atOnce: nil) {
    return "\(counts.removedColumns) of \(counts.columns) columns removed at once"
  }
  return nil
}

/// Any so many tables at once, however large the connection.
private let massTables = 10

private func isMass(_ count: Int, of total: Int, atOnce: Int?) -> Bool {
  if let atOnce, count >= atOnce { return true }
  return count >= 3 && count * 5 > total
}

extension SchemaChange {
  fileprivate var isTableRemoval: Bool {
    if case .tableRemoved = self { true } else { false }
  }

  fileprivate var isColumnRemoval: Bool {
    switch self {
    case .columnRemoved, .columnRenamed: true
    default: false
    }
  }
}
