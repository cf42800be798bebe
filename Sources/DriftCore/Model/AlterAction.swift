/// One instruction to a target, from a closed set. What is not here cannot be drafted, and what was drafted as
/// something else is refused.
package enum AlterAction: Hashable, Sendable {
  case addColumn(ColumnName, ColumnType)
  /// In place; only where the dialect says that no value can be lost.
  case setType(ColumnName, ColumnType)
  case renameColumn(from: ColumnName, to: ColumnName)
  case dropColumn(ColumnName)
  case dropNotNull(ColumnName)
  case setNotNull(ColumnName)
  /// The target view, rendered from the whole mapping.
  case replaceView
  case dropView
  /// Old rows of these target columns, in batches along the key, rendered from the mapping.
  case backfill([ColumnName])
}
