/// One instruction to a target, from a closed set. What is not here cannot be drafted, and what was drafted as
/// something else is refused.
package enum AlterAction: Hashable, Sendable {
  case addColumn(ColumnName, ColumnType)
  /// In place; only where the dialect says that no value can be lost.
  case setType(ColumnName, ColumnType)
  /// Every value into a column that is there and empty: the middle of a change of type that the warehouse refuses in
  /// place. Only where no value can be lost.
  case copyColumn(from: ColumnName, ColumnType, to: ColumnName, ColumnType)
  case renameColumn(from: ColumnName, to: ColumnName)
  case dropColumn(ColumnName)
  case dropNotNull(ColumnName)
  case setNotNull(ColumnName)
  case commentColumn(ColumnName, String)
  case commentTable(String)
  case addPrimaryKey([ColumnName])
  case dropPrimaryKey
  /// Within its schema; the last action of its change, unless it makes room for the view that replaces the old one.
  case renameTable(to: String)
  /// The target view, rendered from the whole mapping.
  case replaceView
  case dropView
  /// To the view that was made anew; never more than the old one's grantees had.
  case grant(Grant)
  /// Old rows of these target columns, in batches along the key, rendered from the mapping.
  case backfill([ColumnName])
}
