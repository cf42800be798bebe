extension MemoryWarehouse.Rules {
  /// Sections of Snowflake's documentation: "ALTER TABLE ... ALTER COLUMN", "Information Schema".
  package static let snowflake = Self(
    reading: SQLReading(quote: "\"", fold: { $0.uppercased() }),
    changesType: { old, new in
      let (old, new) = (SQLType(old), SQLType(new))
      switch (old.base, new.base) {
      case ("VARCHAR", "VARCHAR"): return new.first >= old.first
      case ("NUMBER", "NUMBER"): return new.second == old.second && new.first >= old.first
      default: return false
      }
    },
    setType: "set data type", addsIfMissing: true, spelled: snowflakeType,
    views: { engine, name in
      switch name {
      case "schemata": return (["schema_name"], engine.schemas.sorted().map { [$0] })
      case "tables":
        return (
          ["table_schema", "table_name", "table_type", "row_count", "bytes", "comment", "created"],
          engine.tables.map { name, table in
            [
              name[0], name[1], table.isView ? "VIEW" : "BASE TABLE", table.isView ? nil : "\(table.rows.count)",
              table.isView ? nil : "\(table.rows.count * 64)", table.comment, "\(table.created)",
            ]
          }
        )
      case "columns":
        return (
          [
            "table_schema", "table_name", "column_name", "ordinal_position", "data_type", "character_maximum_length",
            "numeric_precision", "numeric_scale", "datetime_precision", "is_nullable",
          ],
          engine.tables.flatMap { name, table in
            table.columns.enumerated().map { index, column in
              let type = SQLType(column.type)
              let parts: [String?] =
                switch type.base {
                case "VARCHAR": ["TEXT", "\(type.first)", nil, nil, nil]
                case "NUMBER": ["NUMBER", nil, "\(type.first)", "\(type.second)", nil]
                case "TIMESTAMP_NTZ", "TIMESTAMP_TZ": [type.base, nil, nil, nil, "\(type.first)"]
                default: [type.base, nil, nil, nil, nil]
                }
              return [name[0], name[1], column.name, "\(index + 1)"] + parts + [column.isNullable ? "YES" : "NO"]
            }
          }
        )
      case "query_history_by_user": return (["query_id", "query_tag", "execution_status"], engine.history)
      default: return nil
      }
    })
}

private func snowflakeType(_ text: String) -> String {
  let type = SQLType(text)
  return switch type.base {
  case "INTEGER", "INT", "BIGINT": "NUMBER(38,0)"
  case "NUMBER", "DECIMAL", "NUMERIC": text.contains("(") ? "NUMBER(\(type.first),\(type.second))" : "NUMBER(38,0)"
  case "VARCHAR", "TEXT", "STRING": text.contains("(") ? "VARCHAR(\(type.first))" : "VARCHAR(16777216)"
  case "TIMESTAMP_NTZ", "TIMESTAMP_TZ": "\(type.base)(9)"
  default: type.base
  }
}
