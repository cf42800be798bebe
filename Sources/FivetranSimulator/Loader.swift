import DriftCore
package import PostgreSQL

/// Plays Fivetran's loader on a real PostgreSQL.
///
/// Columns are added and widened, never dropped but on request; a column that the source lost keeps its values and is
/// NULL in new rows. A type changes by a new column, a copy, and a change of names, so the order of columns moves.
package struct Loader: Sendable {
  let connection: PostgresConnection
  /// Rows of a table after the initial load.
  static let initialRows = 10

  package init(connection: PostgresConnection) { self.connection = connection }

  /// One sync of one connection.
  func sync(_ source: Account.Connection) async throws {
    for schema in Set(source.tables.map(\.schema)).sorted() {
      try await run("CREATE SCHEMA IF NOT EXISTS \(try quoteIdentifier(schema))")
    }
    let landed = try await landedColumns(of: Set(source.tables.map(\.schema)).sorted())
    for table in source.tables where table.isEnabled && !table.isDeleted {
      try await load(
        table, landed: landed["\(table.schema)\u{0}\(table.name)"], rows: Self.initialRows + source.rowsLoaded)
    }
  }

  private func load(_ table: Account.Table, landed: [ColumnName: String]?, rows: Int) async throws {
    let name = try qualified(table)
    let active = table.columns.filter { $0.isEnabled && !$0.isDeleted }
    if let landed {
      for column in table.columns where column.isDropAsked && !column.isEnabled {
        if landed[ColumnName(column.name)] != nil {
          try await run("ALTER TABLE \(name) DROP COLUMN \(try quoteIdentifier(column.name))")
        }
      }
      for column in active {
        let type = column.landedType
        if let current = landed[ColumnName(column.name)] {
          if isPromotion(from: current, to: type) { try await promote(column, to: type, in: name) }
        } else {
          try await run("ALTER TABLE \(name) ADD COLUMN \(try quoteIdentifier(column.name)) \(type)")
        }
      }
    } else {
      try await create(table, active, name)
    }
    try await fill(table, active, name, rows: rows)
  }

  private func create(_ table: Account.Table, _ columns: [Account.Column], _ name: String)
    async throws
  {
    var lines = try columns.map { "\(try quoteIdentifier($0.name)) \($0.landedType)" }
    if !table.hasKey { lines.append("\"_fivetran_id\" text") }
    lines += ["\"_fivetran_deleted\" boolean", "\"_fivetran_synced\" timestamptz"]
    let keys = try columns.filter(\.isPrimaryKey).map { try quoteIdentifier($0.name) }
    lines.append("PRIMARY KEY (\(keys.isEmpty ? "\"_fivetran_id\"" : keys.joined(separator: ", ")))")
    try await run("CREATE TABLE \(name) (\(lines.joined(separator: ", ")))")
  }

  /// As the loader does it: a copy under another name takes the place of the old column.
  private func promote(
    _ column: Account.Column, to type: String, in table: String
  ) async throws {
    let old = try quoteIdentifier(column.name)
    if column.isPrimaryKey {
      // A key cannot be dropped without its constraint.
      try await run("ALTER TABLE \(table) ALTER COLUMN \(old) TYPE \(type)")
      return
    }
    let new = try quoteIdentifier(column.name + "__promoted")
    let statements = [
      "ALTER TABLE \(table) ADD COLUMN \(new) \(type)",
      "UPDATE \(table) SET \(new) = \(old)::\(type)",
      "ALTER TABLE \(table) DROP COLUMN \(old)",
      "ALTER TABLE \(table) RENAME COLUMN \(new) TO \(old)",
    ]
    try await connection.transaction { session in
      for statement in statements { _ = try session.query(statement) }
    }
  }

  /// Types only ever widen: what became narrower at the source stays as it is.
  private func isPromotion(from old: String, to new: String) -> Bool {
    let dialect = Dialect.postgres
    let (from, to) = (dialect.parseType(old), dialect.parseType(new))
    return from != to && widens(from, to: to)
  }

  private func fill(
    _ table: Account.Table, _ columns: [Account.Column], _ name: String, rows: Int
  ) async throws {
    var names = try columns.map { try quoteIdentifier($0.name) }
    var values = columns.map(\.invented)
    var keys = try columns.filter(\.isPrimaryKey).map { try quoteIdentifier($0.name) }
    if !table.hasKey {
      names.append("\"_fivetran_id\"")
      values.append("'row_' || g")
      keys = ["\"_fivetran_id\""]
    }
    names += ["\"_fivetran_deleted\"", "\"_fivetran_synced\""]
    values += ["false", "clock_timestamp()"]
    // Hashing begins with the rows that come after it: clear text that has landed stays.
    let hashed = Set(try columns.filter(\.isHashed).map { try quoteIdentifier($0.name) })
    let updates = names.filter { !keys.contains($0) && !hashed.contains($0) }
      .map { "\($0) = excluded.\($0)" }
    try await run(
      """
      INSERT INTO \(name) (\(names.joined(separator: ", ")))
      SELECT \(values.joined(separator: ", ")) FROM generate_series(1, \(rows)) AS g
      ON CONFLICT (\(keys.joined(separator: ", "))) DO UPDATE SET \(updates.joined(separator: ", "))
      """)
  }

  private func landedColumns(of schemas: [String]) async throws
    -> [String: [ColumnName: String]]
  {
    let list = schemas.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let result = try await connection.query(
      """
      SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND n.nspname IN (\(list))
      """, parameters: schemas)
    var landed: [String: [ColumnName: String]] = [:]
    for row in result.rows {
      guard row.count == 4, let schema = row[0], let table = row[1], let column = row[2] else {
        continue
      }
      landed["\(schema)\u{0}\(table)", default: [:]][ColumnName(column)] = row[3]
    }
    return landed
  }

  private func qualified(_ table: Account.Table) throws -> String {
    "\(try quoteIdentifier(table.schema)).\(try quoteIdentifier(table.name))"
  }

  private func run(_ sql: String) async throws { _ = try await connection.query(sql) }
}

extension Account.Column {
  /// As `format_type` spells it. Hashing turns a column into text.
  ///
  /// Source: Fivetran documentation on PostgreSQL destinations, data type mapping.
  var landedType: String {
    if isHashed { return "text" }
    let base = type.prefix { $0 != "(" }
    let arguments = type.dropFirst(base.count)
    return switch base {
    case "BOOLEAN": "boolean"
    case "SHORT": "smallint"
    case "INT": "integer"
    case "LONG": "bigint"
    case "DECIMAL", "BIGDECIMAL": "numeric\(arguments)"
    case "FLOAT": "real"
    case "DOUBLE": "double precision"
    case "LOCALDATE": "date"
    case "LOCALDATETIME": "timestamp without time zone"
    case "INSTANT": "timestamp with time zone"
    case "JSON": "jsonb"
    case "BINARY": "bytea"
    default: "text"
    }
  }

  /// SQL for an invented value in row `g`.
  var invented: String {
    let text: String =
      name.contains("email") ? "'person' || g || '@example.com'" : "'\(name.replacing("'", with: "''")) ' || g"
    if isHashed { return "md5(\(text))" }
    return switch landedType {
    case "boolean": "g % 2 = 0"
    case "smallint", "integer": "g"
    case "bigint": "g * 1000::bigint"
    case let type where type.hasPrefix("numeric"): "(g % 19) * 0.5"
    case "real", "double precision": "g * 1.25"
    case "date": "date '2026-01-01' + g"
    case "timestamp without time zone": "timestamp '2026-01-01 08:00' + g * interval '1 hour'"
    case "timestamp with time zone": "timestamptz '2026-01-01 08:00Z' + g * interval '1 hour'"
    case "jsonb": "jsonb_build_object('row', g)"
    case "bytea": "decode(md5(g::text), 'hex')"
    default: isPrimaryKey ? "'\(name.replacing("'", with: "''"))_' || g" : text
    }
  }
}
