import DriftCore
import PostgreSQL

/// Tables, partitioned tables, views, materialised views and foreign tables of the schemas: one row each, ordered by name,
/// its columns as arrays in the order of the table.
package func catalogueQuery(of schemas: [String]) -> (sql: String, parameters: [String?]) {
  (catalogueQuery(where: "n.nspname = ANY ($1::text[])"), [arrayText(schemas)])
}

/// The same of single tables, and of those that have the schema of one and the name of another: pairs take the server's
/// planner as long as all the rest.
func catalogueQuery(of tables: [TableName]) -> (sql: String, parameters: [String?]) {
  (
    catalogueQuery(where: "n.nspname = ANY ($1::text[]) AND c.relname = ANY ($2::text[])"),
    [arrayText(tables.map(\.schema)), arrayText(tables.map(\.name))]
  )
}

/// Nothing here opens a table, so a running ALTER TABLE holds up no reader: size and rows are what the last VACUUM or
/// ANALYZE wrote down. A unique key may hold nullable columns; a partial one, a deferrable one or one on expressions is
/// left out.
private func catalogueQuery(where condition: String) -> String {
  """
  SELECT n.nspname, c.relname, c.relkind,
    CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::bigint END,
    CASE WHEN c.reltuples >= 0 AND c.relkind IN ('r', 'm')
      THEN (c.relpages + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0))
        * current_setting('block_size')::bigint END,
    a.numbers, a.names, a.types, a.nullable,
    ARRAY(
      SELECT CASE WHEN i.indisprimary THEN 'p' ELSE 'u' END || ' '
        || array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ' ')
      FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL
      ORDER BY NOT i.indisprimary, i.indexrelid)
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid
  CROSS JOIN LATERAL (
    SELECT CASE WHEN max(attnum) > count(*) THEN array_agg(attnum ORDER BY attnum) END AS numbers,
      array_agg(attname ORDER BY attnum) AS names,
      array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) AS types,
      string_agg(CASE WHEN attnotnull THEN 'n' ELSE 'y' END, '' ORDER BY attnum) AS nullable
    FROM pg_attribute
    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a
  WHERE \(condition)
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
  """
}

/// Reads a row of the catalogue query.
func catalogueTable(_ row: [String?]) throws(PostgresError) -> CatalogueTable {
  guard row.count == 10, let schema = row[0], let name = row[1], let kind = row[2],
    let numbers = elements(row[5]), let names = elements(row[6]), let types = elements(row[7]),
    let keys = elements(row[9]), names.count == types.count,
    numbers.isEmpty || numbers.count == names.count,
    case let nullable = Array((row[8] ?? "").utf8), nullable.count == names.count
  else { throw PostgresError(.unreadable, "a row of the catalogue is not in the form asked for") }
  var columns = names.indices.map { index in
    CatalogueColumn(
      name: ColumnName(names[index]), physicalType: types[index],
      isNullable: nullable[index] == UInt8(ascii: "y"))
  }
  var uniqueKeys: [[ColumnName]] = []
  for key in keys {
    // Without dropped columns a column's number is its position, from 1, and the numbers are not sent.
    let members = key.split(separator: " ").dropFirst().compactMap { number in
      numbers.isEmpty ? Int(number).map { $0 - 1 } : numbers.firstIndex(of: String(number))
    }
    guard members.allSatisfy(columns.indices.contains) else {
      throw PostgresError(.unreadable, "a key of the catalogue names a column that is not there")
    }
    if key.hasPrefix("p") { for index in members { columns[index].isPrimaryKey = true } }
    uniqueKeys.append(members.map { columns[$0].name })
  }
  return CatalogueTable(
    name: TableName(schema: schema, name: name), isView: kind == "v" || kind == "m",
    columns: columns, uniqueKeys: uniqueKeys, rowEstimate: row[3].flatMap { Int64($0) },
    byteSize: row[4].flatMap { Int64($0) })
}

/// What has no elements may have no array at all.
private func elements(_ text: String?) -> [String]? {
  guard let text else { return [] }
  return arrayElements(text)?.compactMap { $0 }
}
