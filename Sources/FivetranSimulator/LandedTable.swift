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

/// How much a sync loads.
struct LoadSize: Sendable {
  /// Rows that earlier syncs have loaded.
  var before: Int
  var rows: Int
  /// New columns stay NULL in rows that are there already.
  var isIncremental = false
  /// Columns that left the source lose all of their values.
  var nullsDeleted = false
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
    statements.append(try fill(name, mode, rows: size.rows, isTypeLocked: isTypeLocked))
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

  private func keys(_ mode: SyncMode) throws -> [String] {
    let own = try columns.filter(\.isPrimaryKey).map { try quoteIdentifier($0.landedName) }
    let system = mode.systemColumns.filter(\.isKey).map { "\"\($0.name)\"" }
    return (own.isEmpty ? ["\"_fivetran_id\""] : own) + system
  }

  private func fill(
    _ name: String, _ mode: SyncMode, rows: Int, isTypeLocked: Bool
  ) throws -> String {
    var names: [String] = []
    var values: [String] = []
    for column in columns where column.isEnabled && !column.isDeleted {
      guard let type = landed?.types[ColumnName(column.landedName)] else { continue }
      names.append(try quoteIdentifier(column.landedName))
      values.append(try column.value(as: type))
    }
    if !hasKey {
      names.append("\"_fivetran_id\"")
      values.append("'row_' || g")
    }
    names += mode.systemColumns.map { "\"\($0.name)\"" } + ["\"_fivetran_synced\""]
    values += mode.systemColumns.map(\.value) + ["clock_timestamp()"]
    let keys = try keys(mode)
    let updates = names.filter { !keys.contains($0) }.map { "\($0) = excluded.\($0)" }
    return """
      INSERT INTO \(name) (\(names.joined(separator: ", ")))
      SELECT \(values.joined(separator: ", ")) FROM generate_series(1, \(rows)) AS g
      ON CONFLICT (\(keys.joined(separator: ", "))) DO UPDATE SET \(updates.joined(separator: ", "))
      """
  }
}

extension SchemaConfig.Column {
  /// What the source delivers. Hashing turns a column into text.
  var arrivingType: String { isHashed ? "text" : landedType(of: type) }

  /// Notes from which row on the column carries values, and hashed ones.
  fileprivate mutating func beginRows(_ size: LoadSize, isResync: Bool) {
    let isNew = firstRow == nil
    if isNew || isResync { firstRow = size.isIncremental ? size.before + 1 : 1 }
    // Hashing begins with the rows that come after it: clear text that has landed stays until a re-sync.
    if !isHashed {
      hashedFrom = nil
    } else if hashedFrom == nil || isResync {
      hashedFrom = isNew ? 1 : size.before + 1
    }
  }

  /// SQL for an invented value in row `g`, as a landed type; NULL where the source's type does not fit it.
  fileprivate func value(as landed: String) throws -> String {
    let arriving = landedType(of: type)
    let plain = try invented(as: arriving)
    var value = "(\(plain))::\(landed)"
    if superType(landed, arriving) != landed { value = "NULL::\(landed)" }
    if let hashedFrom {
      let hash = "encode(sha256(convert_to((\(plain))::text, 'UTF8')), 'base64')"
      value = "CASE WHEN g >= \(hashedFrom) THEN \(hash) ELSE \(value) END"
    }
    if let firstRow, firstRow > 1 { value = "CASE WHEN g >= \(firstRow) THEN \(value) END" }
    return value
  }

  private func invented(as type: String) throws -> String {
    switch type {
    case "boolean": return "g % 2 = 0"
    case "smallint", "integer": return "g"
    case "bigint": return "g * 1000::bigint"
    case let type where type.hasPrefix("numeric"): return "(g % 9) * 0.1"
    case "real", "double precision": return "g * 1.25"
    case "date": return "date '2026-01-01' + g"
    case "timestamp without time zone": return "timestamp '2026-01-01 08:00' + g * interval '1 hour'"
    case "timestamp with time zone": return "timestamptz '2026-01-01 08:00Z' + g * interval '1 hour'"
    case "jsonb": return "jsonb_build_object('row', g)"
    case "bytea": return "decode(md5(g::text), 'hex')"
    default:
      if landedName.contains("email") { return "'person' || g || '@example.com'" }
      return "\(try quoteLiteral(landedName + (isPrimaryKey ? "_" : " "))) || g"
    }
  }
}

/// A column that Fivetran adds of its own accord.
private struct SystemColumn {
  var name: String
  var type: String
  var value: String
  var isKey = false
}

extension SyncMode {
  fileprivate var systemColumns: [SystemColumn] {
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
