/// What one read of a connection shows to be gone.
package struct Losses: Hashable, Sendable {
  /// Tables with an active contract.
  package var promisedTables: Int
  /// In all the tables read.
  package var columns: Int
  /// Promised and not in the read at all.
  package var missingTables: [TableName]
  package var removedTables: [TableName]
  package var removedColumns: [TableName: [ColumnName]]

  package init(
    promisedTables: Int, missingTables: [TableName], columns: Int, changes: [TableName: [SchemaChange]]
  ) {
    self.promisedTables = promisedTables
    self.missingTables = missingTables
    self.columns = columns
    removedTables = changes.filter { $0.value.contains { $0.isTableRemoval } }.map(\.key)
    removedColumns = changes.mapValues { $0.compactMap(\.removedColumn) }.filter { !$0.value.isEmpty }
  }
}

/// Why a connection's drift is not proposed although it was read.
package struct Hold: Hashable, Sendable {
  package var reason: String
  /// Everything that the read shows to be gone: what a person says of it covers nothing else.
  package var gone: Set<String>

  package init(reason: String, gone: Set<String>) {
    self.reason = reason
    self.gone = gone
  }
}

/// Nil where nothing speaks against proposing.
///
/// A permission lost, a half answer and a real clean-out look the same from here: a person decides.
package func massRemoval(_ losses: Losses) -> Hold? {
  let tables = losses.promisedTables
  let columns = losses.removedColumns.flatMap { table, names in names.map { "column \(table).\($0)" } }
  let reason: String
  if isMass(losses.missingTables.count, of: tables, atOnce: massTables) {
    reason = "\(losses.missingTables.count) of \(tables) tables missing in one read"
  } else if isMass(losses.removedTables.count, of: tables, atOnce: massTables) {
    reason = "\(losses.removedTables.count) of \(tables) tables removed at once"
  } else if isMass(columns.count, of: losses.columns, atOnce: nil) {
    reason = "\(columns.count) of \(losses.columns) columns removed at once"
  } else {
    return nil
  }
  let all = losses.missingTables.map { "missing table \($0)" } + losses.removedTables.map { "table \($0)" } + columns
  return Hold(reason: reason, gone: Set(all))
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

  fileprivate var removedColumn: ColumnName? {
    switch self {
    case .columnRemoved(let column), .columnRenamed(let column, _, _): column.name
    default: nil
    }
  }
}
