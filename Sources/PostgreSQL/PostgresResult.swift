/// What one statement gave back, as text; nil is NULL.
package struct PostgresResult: Hashable, Sendable {
  package var columns: [String]
  package var rows: [[String?]]
  /// Such as `INSERT 0 1`, `ALTER TABLE`.
  package var commandTag: String
  /// Rows that an INSERT, UPDATE, DELETE, MERGE or SELECT touched; nil for other commands.
  package var affectedRows: Int?

  package init(
    columns: [String] = [], rows: [[String?]] = [], commandTag: String, affectedRows: Int? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.commandTag = commandTag
    self.affectedRows = affectedRows
  }
}
