import DriftCore

extension RedshiftService {
  /// One query for tables and columns, late-binding views among them, its rows page by page; for each schema one for keys, which
  /// no view shows to others than a table's owner, and one for sizes. Schemas that are not there have no tables.
  func catalogue(
    of schemas: [String], table: String?, each: (CatalogueTable) throws -> Void
  ) async throws {
    let only: BoundSQL = table.map { "AND t.table_name = \($0)" } ?? ""
    try await tables(
      of: """
        SELECT t.table_schema, t.table_name, t.table_type, c.column_name, c.data_type, c.character_maximum_length, \
        c.numeric_precision, c.numeric_scale, c.is_nullable FROM svv_tables t \
        JOIN svv_columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
        WHERE t.table_schema IN (\(list: schemas)) \(only) \
        ORDER BY t.table_schema, t.table_name, c.ordinal_position
        """,
      row: { row in
        guard row.count == 9, let type = row[4] else { return nil }
        return CatalogueRow(
          schema: row[0], table: row[1], kind: row[2], column: row[3], type: physicalType(type, row), isNullable: row[8]
        )
      },
      facts: { try await facts(of: $0, table: table) }, each: each)
  }

  private func facts(of schema: String, table: String?) async throws -> [TableName: CatalogueFacts] {
    var facts = try await keys(of: schema, table: table).mapValues { CatalogueFacts(key: $0) }
    for row in try await sizes(of: schema, table: table) {
      guard row.count == 3, let name = row[0] else { throw unreadable("sizes") }
      let table = TableName(schema: schema, name: name)
      facts[table, default: CatalogueFacts()].rowEstimate = row[1].flatMap(whole)
      facts[table]?.byteSize = row[2].flatMap(whole).map { $0 << 20 }
    }
    return facts
  }

  /// In the order of each key. A key holds the numbers of its columns.
  private func keys(of schema: String, table: String?) async throws -> [TableName: [ColumnName]] {
    let only: BoundSQL = table.map { "AND r.relname = \($0)" } ?? ""
    let rows = try await rows(
      of: """
        SELECT r.relname, a.attname, a.attnum, ARRAY_TO_STRING(k.conkey, ' ') FROM pg_constraint k \
        JOIN pg_class r ON r.oid = k.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace \
        JOIN pg_attribute a ON a.attrelid = r.oid \
        WHERE k.contype = 'p' AND n.nspname = \(schema) \(only)
        """)
    var keys: [TableName: [(position: Int, name: ColumnName)]] = [:]
    for row in rows {
      guard row.count == 4, let table = row[0], let column = row[1], let number = row[2], let key = row[3] else {
        throw unreadable("keys")
      }
      guard let position = key.split(separator: " ").firstIndex(where: { $0 == number }) else { continue }
      keys[TableName(schema: schema, name: table), default: []].append((position, ColumnName(column)))
    }
    return keys.mapValues { $0.sorted { $0.position < $1.position }.map(\.name) }
  }

  /// Rows and megabytes, of tables that have any; none where the user may not see them, as nobody may at first.
  private func sizes(of schema: String, table: String?) async throws -> [[String?]] {
    let only: BoundSQL = table.map { "AND \"table\" = \($0)" } ?? ""
    do {
      return try await rows(
        of: "SELECT \"table\", tbl_rows, size FROM svv_table_info WHERE \"schema\" = \(schema) \(only)")
    } catch let error as ServiceError where error.kind == .forbidden {
      return []
    }
  }

  private func unreadable(_ what: String) -> ServiceError {
    ServiceError(.unreadable, "a row of the \(what) is not in the form asked for")
  }
}

/// Numbers of the catalogue may come with a fraction.
private func whole(_ text: String) -> Int64? { Int64(text.prefix { $0 != "." }) }

/// `character varying(256)`, `numeric(18,2)`: as the types of a table are written.
private func physicalType(_ type: String, _ row: [String?]) -> String {
  switch (type, row[5], row[6], row[7]) {
  case ("character varying", let length?, _, _), ("character", let length?, _, _),
    ("binary varying", let length?, _, _):
    "\(type)(\(length))"
  case ("numeric", _, let precision?, let scale?): "numeric(\(precision),\(scale))"
  default: type
  }
}
