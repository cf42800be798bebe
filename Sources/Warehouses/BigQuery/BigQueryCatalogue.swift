import DriftCore
import JSON
import Transport

extension BigQueryService {
  /// Of a whole destination: one query over the location's information schema, and one a dataset for the keys, which that
  /// schema has by dataset alone. Pseudo-columns of partitioned tables have no position and are left out. One table is read from where a change shows at once.
  func catalogue(of schemas: [String], table: String?, each: (CatalogueTable) throws -> Void) async throws {
    if let table {
      for schema in schemas {
        if let found = try await self.table(TableName(schema: schema, name: table)) { try each(found) }
      }
      return
    }
    let information = "\(project).`region-\(api.location.lowercased())`.INFORMATION_SCHEMA"
    try await tables(
      of: """
        SELECT t.table_schema, t.table_name, t.table_type, s.total_rows, s.total_logical_bytes, c.column_name, \
        c.data_type, c.is_nullable \
        FROM \(sql: information).TABLES t \
        JOIN \(sql: information).COLUMNS c ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
        LEFT JOIN \(sql: information).TABLE_STORAGE s ON s.table_schema = t.table_schema \
        AND s.table_name = t.table_name AND s.deleted = FALSE \
        WHERE t.table_schema IN (\(list: schemas)) AND NOT c.ordinal_position IS NULL \
        ORDER BY t.table_schema, t.table_name, c.ordinal_position
        """,
      row: { row in
        guard row.count == 8 else { return nil }
        return CatalogueRow(
          schema: row[0], table: row[1], kind: row[2], column: row[5], type: row[6], isNullable: row[7],
          rowEstimate: row[3], byteSize: row[4])
      },
      facts: { schema in try await keys(of: schema).mapValues { CatalogueFacts(key: $0) } }, each: each)
  }

  private func keys(of schema: String) async throws -> [TableName: [ColumnName]] {
    let information = "\(project).\(try dialect.quote(schema)).INFORMATION_SCHEMA"
    let rows = try await rows(
      of: """
        SELECT k.table_name, k.column_name FROM \(sql: information).KEY_COLUMN_USAGE k \
        JOIN \(sql: information).TABLE_CONSTRAINTS c ON c.constraint_name = k.constraint_name \
        WHERE c.constraint_type = 'PRIMARY KEY' ORDER BY k.table_name, k.ordinal_position
        """)
    var keys: [TableName: [ColumnName]] = [:]
    for row in rows {
      guard row.count == 2, let table = row[0], let column = row[1] else {
        throw ServiceError(.unreadable, "a row of the keys is not in the form asked for")
      }
      keys[TableName(schema: schema, name: table), default: []].append(ColumnName(column))
    }
    return keys
  }

  private func table(_ name: TableName) async throws -> CatalogueTable? {
    let path = "datasets/\(percentEncoded(name.schema))/tables/\(percentEncoded(name.name))"
    guard let document = try await api.document(path) else { return nil }
    guard let kind = document["type"]?.string, let fields = document["schema"]?["fields"]?.array,
      document["tableReference"]?["tableId"]?.string.map({ $0.utf8.elementsEqual(name.name.utf8) }) == true
    else { throw ServiceError(.unreadable, "the answer is not about the table") }
    let key = (document["tableConstraints"]?["primaryKey"]?["columns"]?.array ?? []).compactMap(\.string).map {
      ColumnName($0)
    }
    let isView = kind.hasSuffix("VIEW")
    return CatalogueTable(
      name: name, isView: isView,
      columns: try fields.map { field throws(ServiceError) in
        guard let column = field["name"]?.string else {
          throw ServiceError(.unreadable, "a column of the table has no name")
        }
        return CatalogueColumn(
          name: ColumnName(column), physicalType: try standardType(field),
          isNullable: field["mode"]?.string != "REQUIRED",
          isPrimaryKey: key.contains(ColumnName(column)))
      },
      uniqueKeys: key.isEmpty ? [] : [key], rowEstimate: isView ? nil : number(document["numRows"]),
      byteSize: isView ? nil : number(document["numBytes"]))
  }

  /// The interface writes large numbers as texts.
  private func number(_ value: JSONValue?) -> Int64? { value?.string.flatMap { Int64($0) } }
}

/// A column's type as the information schema spells it: `NUMERIC(10, 2)`, `ARRAY<STRUCT<a INT64>>`.
private func standardType(_ field: JSONValue) throws(ServiceError) -> String {
  guard let name = field["type"]?.string else { throw ServiceError(.unreadable, "a column has no type") }
  let base =
    switch name {
    case "INTEGER": "INT64"
    case "FLOAT": "FLOAT64"
    case "BOOLEAN": "BOOL"
    case "RECORD", "STRUCT": "STRUCT"
    default: name
    }
  let parameters = ["maxLength", "precision", "scale"].compactMap { field[$0]?.string }
  var type = parameters.isEmpty ? base : "\(base)(\(parameters.joined(separator: ", ")))"
  if base == "STRUCT" {
    var parts: [String] = []
    for inner in field["fields"]?.array ?? [] {
      parts.append("\(inner["name"]?.string ?? "") \(try standardType(inner))")
    }
    type += "<\(parts.joined(separator: ", "))>"
  }
  return field["mode"]?.string == "REPEATED" ? "ARRAY<\(type)>" : type
}
