import DriftCore

extension DatabricksService {
  /// One query for tables, columns and keys. Schemas that are not there, or that the principal may not know of, have no tables;
  /// neither rows nor bytes are told.
  func catalogue(
    of schemas: [String], table: String?, each: (CatalogueTable) throws -> Void
  ) async throws {
    let only: BoundSQL = table.map { "AND t.table_name = \($0)" } ?? ""
    try await tables(
      of: """
        SELECT t.table_schema, t.table_name, t.table_type, c.column_name, c.full_data_type, c.is_nullable, k.position \
        FROM \(sql: information("tables")) t JOIN \(sql: information("columns")) c \
        ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
        LEFT JOIN (SELECT u.table_schema AS table_schema, u.table_name AS table_name, u.column_name AS column_name, \
        u.ordinal_position AS position FROM \(sql: information("key_column_usage")) u \
        JOIN \(sql: information("table_constraints")) p ON p.constraint_schema = u.constraint_schema \
        AND p.table_name = u.table_name AND p.constraint_name = u.constraint_name \
        WHERE p.constraint_type = 'PRIMARY KEY') k \
        ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name \
        WHERE t.table_schema IN (\(list: schemas)) \(only) \
        ORDER BY t.table_schema, t.table_name, c.ordinal_position
        """,
      row: { row in
        guard row.count == 7 else { return nil }
        return CatalogueRow(
          schema: row[0], table: row[1], kind: row[2], column: row[3], type: row[4], isNullable: row[5],
          keyPosition: row[6])
      }, each: each)
  }
}
