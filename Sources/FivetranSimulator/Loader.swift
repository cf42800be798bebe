import DriftCore
package import PostgreSQL

/// Plays Fivetran's loader on a real PostgreSQL: all of a sync, or nothing of it.
package struct Loader: Sendable {
  let connection: PostgresConnection

  package init(connection: PostgresConnection) { self.connection = connection }

  func run(_ statements: [String]) async throws {
    try await connection.transaction { session in
      for statement in statements { _ = try session.query(statement) }
    }
  }

  /// What an earlier run of the simulator left there, by landed schema and table.
  func landed(in schemas: [String]) async throws -> [TableName: LandedTable] {
    if schemas.isEmpty { return [:] }
    let list = schemas.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let result = try await connection.query(
      """
      SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND n.nspname IN (\(list))
      """, parameters: schemas)
    var tables: [TableName: LandedTable] = [:]
    for row in result.rows {
      guard row.count == 4, let schema = row[0], let table = row[1], let column = row[2] else {
        continue
      }
      let name = TableName(schema: schema, name: table)
      var landed = tables[name] ?? LandedTable(mode: .live, types: [:])
      switch column {
      case "_fivetran_deleted": landed.mode = .softDelete
      case "_fivetran_active": landed.mode = .history
      case let name where name.hasPrefix("_fivetran_"): break
      default: landed.types[ColumnName(column)] = row[3]
      }
      tables[name] = landed
    }
    return tables
  }
}
