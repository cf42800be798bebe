import DriftCore
import PostgreSQL

/// A table as the loader knows it in the destination. It is never read back: what others do there goes unnoticed until
/// a statement fails.
package struct LandedTable: Sendable {
  var mode: SyncMode
  /// PostgreSQL types by landed name, system columns left out.
  var types: [ColumnName: String]

  func hasRetyped(since before: LandedTable?) -> Bool {
    (before?.types ?? [:]).contains { name, type in types[name].map { $0 != type } ?? false }
  }
}

extension SchemaConfig.Table {
  /// Loads the table in the model, and returns the statements that do so in the destination.
  ///
  /// Columns are added and widened, never dropped but on request; a column that the source lost keeps its values and is
  /// NULL in new rows, until a re-sync writes every row anew.
  mutating func load(
    into schema: String, _ size: LoadSize, isTypeLocked: Bool, isResync: Bool
  ) throws -> [String] {
    let name = "\(try quoteIdentifier(schema)).\(try quoteIdentifier(landedName))"
    let mode = syncMode ?? .softDelete
    var size = size
    if landed == nil || isResync { size.before = 0 }
    var statements: [String] = []
    for index in columns.indices where columns[index].isEnabled && !columns[index].isDeleted {
      columns[index].beginRows(size, isResync: isResync)
    }
    if landed == nil {
      statements.append(try create(name, mode))
    } else {
      statements += try dropColumns(name)
      for column in columns where column.isEnabled && !column.isDeleted {
        statements += try land(column, in: name, isTypeLocked: isTypeLocked)
      }
      statements += try switchMode(name, to: mode)
      if isResync || size.nullsDeleted { statements += try nullDeleted(name) }
    }
    statements.append(try fill(name, mode, rows: size.rows))
    return statements
  }

  private mutating func create(_ name: String, _ mode: SyncMode) throws -> String {
    let active = columns.filter { $0.isEnabled && !$0.isDeleted }
    var lines = try active.map { "\(try quoteIdentifier($0.landedName)) \($0.arrivingType)" }
    if !hasKey { lines.append("\"_fivetran_id\" text") }
    lines += mode.systemColumns.map { "\"\($0.name)\" \($0.type)" }
    lines.append("\"_fivetran_synced\" timestamp with time zone")
    lines.append("PRIMARY KEY (\(try keys(mode).joined(separator: ", ")))")
    landed = LandedTable(
      mode: mode,
      types: Dictionary(
        active.map { (ColumnName($0.landedName), $0.arrivingType) }, uniquingKeysWith: { first, _ in first }))
    return "CREATE TABLE \(name) (\(lines.joined(separator: ", ")))"
  }

  private mutating func dropColumns(_ name: String) throws -> [String] {
    var statements: [String] = []
    for index in columns.indices where columns[index].isDropAsked {
      columns[index].isDropAsked = false
      let key = ColumnName(columns[index].landedName)
      if columns[index].isEnabled || landed?.types.removeValue(forKey: key) == nil { continue }
      columns[index].firstRow = nil
      columns[index].hashedFrom = nil
      statements.append(
        "ALTER TABLE \(name) DROP COLUMN \(try quoteIdentifier(columns[index].landedName))")
    }
    return statements
  }

  private mutating func land(
    _ column: SchemaConfig.Column, in table: String, isTypeLocked: Bool
  ) throws -> [String] {
    let key = ColumnName(column.landedName)
    let quoted = try quoteIdentifier(column.landedName)
    guard let current = landed?.types[key] else {
      landed?.types[key] = column.arrivingType
      return ["ALTER TABLE \(table) ADD COLUMN \(quoted) \(column.arrivingType)"]
    }
    let wanted = superType(current, column.arrivingType)
    let isLocked = isTypeLocked && !column.isHashed
    if wanted == current || isLocked { return [] }
    landed?.types[key] = wanted
    // A key cannot be dropped without its constraint.
    if column.isPrimaryKey {
      return ["ALTER TABLE \(table) ALTER COLUMN \(quoted) TYPE \(wanted) USING \(quoted)::\(wanted)"]
    }
    // A copy takes the place of the old column, so that the order of columns moves.
    return [
      "ALTER TABLE \(table) ADD COLUMN \"_fivetran_promoted\" \(wanted)",
      "UPDATE \(table) SET \"_fivetran_promoted\" = \(quoted)::\(wanted)",
      "ALTER TABLE \(table) DROP COLUMN \(quoted)",
      "ALTER TABLE \(table) RENAME COLUMN \"_fivetran_promoted\" TO \(quoted)",
    ]
  }

  private mutating func switchMode(_ name: String, to mode: SyncMode) throws -> [String] {
    guard let old = landed?.mode, old != mode else { return [] }
    landed?.mode = mode
    // Dropping a column of the key drops the constraint with it; otherwise it goes by its name.
    var statements =
      old.systemColumns.contains { $0.isKey }
      ? [] : ["ALTER TABLE \(name) DROP CONSTRAINT \(try quoteIdentifier(constraintName))"]
    statements += old.systemColumns.map { "ALTER TABLE \(name) DROP COLUMN \"\($0.name)\"" }
    statements += mode.systemColumns.map {
      "ALTER TABLE \(name) ADD COLUMN \"\($0.name)\" \($0.type) DEFAULT \($0.value)"
    }
    statements += mode.systemColumns.map { "ALTER TABLE \(name) ALTER COLUMN \"\($0.name)\" DROP DEFAULT" }
    let key = "PRIMARY KEY (\(try keys(mode).joined(separator: ", ")))"
    statements.append("ALTER TABLE \(name) ADD CONSTRAINT \(try quoteIdentifier(constraintName)) \(key)")
    return statements
  }

  /// PostgreSQL's own choice for an unnamed primary key, for names that it need not shorten.
  private var constraintName: String { landedName + "_pkey" }

  private func nullDeleted(_ name: String) throws -> [String] {
    let lost = columns.filter { $0.isDeleted && landed?.types[ColumnName($0.landedName)] != nil }
    return try lost.map { "UPDATE \(name) SET \(try quoteIdentifier($0.landedName)) = NULL" }
  }

  func keys(_ mode: SyncMode) throws -> [String] {
    let own = try columns.filter(\.isPrimaryKey).map { try quoteIdentifier($0.landedName) }
    let system = mode.systemColumns.filter(\.isKey).map { "\"\($0.name)\"" }
    return (own.isEmpty ? ["\"_fivetran_id\""] : own) + system
  }
}

/// A column that Fivetran adds of its own accord.
struct SystemColumn {
  var name: String
  var type: String
  var value: String
  var isKey = false
}

extension SyncMode {
  var systemColumns: [SystemColumn] {
    switch self {
    case .softDelete: [SystemColumn(name: "_fivetran_deleted", type: "boolean", value: "false")]
    case .live: []
    case .history:
      [
        SystemColumn(name: "_fivetran_active", type: "boolean", value: "true"),
        SystemColumn(
          name: "_fivetran_start", type: "timestamp with time zone",
          value: "timestamptz '2026-01-01 00:00Z'", isKey: true),
        SystemColumn(
          name: "_fivetran_end", type: "timestamp with time zone",
          value: "timestamptz '9999-12-31 23:59:59.999Z'"),
      ]
    }
  }
}
