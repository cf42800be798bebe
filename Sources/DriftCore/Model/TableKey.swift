/// Columns that tell the rows of a table apart, or should.
package struct TableKey: Hashable, Sendable, CustomStringConvertible {
  package var table: TableName
  /// At least one.
  package var columns: [ColumnName]

  package init(table: TableName, columns: [ColumnName]) {
    self.table = table
    self.columns = columns
  }

  package var description: String { "\(table) (\(columns.map(\.text).joined(separator: ", ")))" }
}
