import DriftCore
import PostgreSQL

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
  /// Inserts or updates every row; values are invented from the row's number, so that the same row has the same ones.
  func fill(_ name: String, _ mode: SyncMode, rows: Int) throws -> String {
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
  mutating func beginRows(_ size: LoadSize, isResync: Bool) {
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
