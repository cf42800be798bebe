import DriftCore

extension SnowflakeService {
  /// Rows of one SHOW command, by its documentation.
  static let maximumKeys = 10_000

  /// One query for tables and columns, its rows in partitions; the keys, which no view of the information schema has, by one
  /// command a schema. Schemas that are not there, or that the role may not know of, have no tables.
  func catalogue(
    of schemas: [String], table: String?, each: (CatalogueTable) throws -> Void
  ) async throws {
    let only: BoundSQL = table.map { "AND t.table_name = \($0)" } ?? ""
    try await tables(
      of: """
        SELECT t.table_schema, t.table_name, t.table_type, t.row_count, t.bytes, c.column_name, c.data_type, \
        c.character_maximum_length, c.numeric_precision, c.numeric_scale, c.datetime_precision, c.is_nullable \
        FROM \(sql: information("tables")) t JOIN \(sql: information("columns")) c \
        ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
        WHERE t.table_schema IN (\(list: schemas)) \(only) \
        ORDER BY t.table_schema, t.table_name, c.ordinal_position
        """,
      row: { row in
        guard row.count == 12, let type = row[6] else { return nil }
        return CatalogueRow(
          schema: row[0], table: row[1], kind: row[2], column: row[5], type: physicalType(type, row),
          isNullable: row[11], rowEstimate: row[3], byteSize: row[4])
      },
      facts: { schema in try await keys(of: schema, table: table).mapValues { CatalogueFacts(key: $0) } }, each: each)
  }

  /// Of a schema or of one of its tables, in the order of each key.
  private func keys(of schema: String, table: String?) async throws -> [TableName: [ColumnName]] {
    let database = try dialect.quote(database)
    let place =
      if let table {
        "TABLE \(database).\(try dialect.quote(TableName(schema: schema, name: table)))"
      } else {
        "SCHEMA \(database).\(try dialect.quote(schema))"
      }
    var rows: [[String?]] = []
    let result = try await api.result("SHOW PRIMARY KEYS IN \(place)") { rows += $0 }
    guard rows.count < Self.maximumKeys else {
      throw ServiceError(
        .incomplete, "the schema \(schema) has \(Self.maximumKeys) key columns or more, and Snowflake shows no more",
        hint: "divide the schema")
    }
    let wanted = ["schema_name", "table_name", "column_name", "key_sequence"].map { result.columns.firstIndex(of: $0) }
    var keys: [TableName: [(position: Int, name: ColumnName)]] = [:]
    for row in rows {
      let values = wanted.map { $0.flatMap { row[$0] } }
      guard let schema = values[0], let table = values[1], let column = values[2],
        let position = values[3].flatMap({ Int($0) })
      else { throw ServiceError(.unreadable, "a row of the keys is not in the documented form") }
      keys[TableName(schema: schema, name: table), default: []].append((position, ColumnName(column)))
    }
    return keys.mapValues { $0.sorted { $0.position < $1.position }.map(\.name) }
  }
}

/// `NUMBER(38,0)`, `VARCHAR(16777216)`: as DESCRIBE TABLE spells it.
private func physicalType(_ type: String, _ row: [String?]) -> String {
  switch (type, row[7], row[8], row[9], row[10]) {
  case ("TEXT", let length?, _, _, _): "VARCHAR(\(length))"
  case ("BINARY", let length?, _, _, _): "BINARY(\(length))"
  case ("NUMBER", _, let precision?, let scale?, _): "NUMBER(\(precision),\(scale))"
  case ("TIME", _, _, _, let digits?), ("TIMESTAMP_NTZ", _, _, _, let digits?),
    ("TIMESTAMP_LTZ", _, _, _, let digits?), ("TIMESTAMP_TZ", _, _, _, let digits?):
    "\(type)(\(digits))"
  default: type
  }
}
