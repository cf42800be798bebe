/// What one read of a connection shows to be gone, and nobody has said no to.
package struct Losses: Hashable, Sendable {
  /// Tables with a contract that the source still has.
  package var liveTables: Int
  /// In all the tables read, those that the source still has.
  package var liveColumns: Int
  /// Promised and not in the read at all.
  package private(set) var missingTables: [TableName]
  package private(set) var removedTables: [TableName]
  package private(set) var removedColumns: [TableName: [ColumnName]]

  package init(
    liveTables: Int, missingTables: [TableName], liveColumns: Int, changes: [TableName: [SchemaChange]]
  ) {
    self.liveTables = liveTables
    self.missingTables = missingTables
    self.liveColumns = liveColumns
    removedTables = changes.filter { $0.value.contains { $0.isTableRemoval } }.map(\.key)
    removedColumns = changes.mapValues { $0.compactMap(\.removedColumn) }.filter { !$0.value.isEmpty }
  }

  /// Each by a name that is the same in every read.
  package var gone: Set<String> {
    let columns = removedColumns.flatMap { table, names in names.map { nameOfLoss($0, table) } }
    return Set(missingTables.map { "missing \(nameOfLoss($0))" } + removedTables.map { nameOfLoss($0) } + columns)
  }

  package func without(_ known: Set<String>) -> Losses {
    var rest = self
    rest.missingTables.removeAll { known.contains("missing \(nameOfLoss($0))") }
    rest.removedTables.removeAll { known.contains(nameOfLoss($0)) }
    rest.removedColumns = removedColumns.reduce(into: [:]) { rest, found in
      let names = found.value.filter { !known.contains(nameOfLoss($0, found.key)) }
      if !names.isEmpty { rest[found.key] = names }
    }
    return rest
  }
}

private func nameOfLoss(_ table: TableName) -> String { "table \(table)" }

private func nameOfLoss(_ column: ColumnName, _ table: TableName) -> String { "column \(table).\(column)" }

/// Why a connection's drift is not proposed although it was read.
package struct Hold: Hashable, Sendable {
  package var reason: String
  /// Everything that counts for it: what a person says of it covers nothing else.
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
  let (missing, removed) = (losses.missingTables.count, losses.removedTables.count)
  let tables = losses.liveTables + missing + removed
  let columns = losses.removedColumns.values.reduce(0) { $0 + $1.count }
  let reason: String
  if isMass(missing + removed, of: tables, atOnce: massTables) {
    reason =
      removed == 0
      ? "\(missing) of \(tables) tables missing in one read"
      : missing == 0
        ? "\(removed) of \(tables) tables removed at once"
        : "\(missing) of \(tables) tables missing in one read and \(removed) removed"
  } else if isMass(columns, of: losses.liveColumns + columns, atOnce: nil) {
    reason = "\(columns) of \(losses.liveColumns + columns) columns removed at once"
  } else {
    return nil
  }
  return Hold(reason: reason, gone: losses.gone)
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
