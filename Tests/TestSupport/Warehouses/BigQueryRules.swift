extension MemoryWarehouse.Rules {
  /// Sections of BigQuery's documentation: "ALTER COLUMN SET DATA TYPE", "INFORMATION_SCHEMA".
  package static let bigQuery = Self(
    reading: SQLReading(quote: "`", fold: { $0 }),
    changesType: { old, new in
      let (old, new) = (SQLType(old), SQLType(new))
      switch (old.base, new.base) {
      case ("INT64", "NUMERIC"), ("INT64", "BIGNUMERIC"), ("INT64", "FLOAT64"), ("NUMERIC", "BIGNUMERIC"),
        ("NUMERIC", "FLOAT64"), ("DATE", "DATETIME"):
        return new.first == 0
      case ("STRING", "STRING"): return old.first > 0 && (new.first == 0 || new.first > old.first)
      case ("NUMERIC", "NUMERIC"):
        return old.first > 0
          && (new.first == 0 || (new.second >= old.second && new.first - new.second >= old.first - old.second))
      default: return false
      }
    },
    setType: "set data type", addsIfMissing: true, spelled: bigQueryType,
    views: { engine, name in
      switch name {
      case "tables":
        return (
          ["table_schema", "table_name", "table_type"],
          engine.tables.map { name, table in [name[0], name[1], table.isView ? "VIEW" : "BASE TABLE"] }
        )
      case "table_storage":
        return (
          ["table_schema", "table_name", "total_rows", "total_logical_bytes", "deleted"],
          engine.tables.filter { !$0.value.isView }.map { name, table in
            [name[0], name[1], "\(table.rows.count)", "\(table.rows.count * 64)", "false"]
          }
        )
      case "columns":
        return (
          ["table_schema", "table_name", "column_name", "ordinal_position", "data_type", "is_nullable"],
          engine.tables.flatMap { name, table -> [[String?]] in
            let pseudo: [String?] = [name[0], name[1], "_PARTITIONTIME", nil, "TIMESTAMP", "YES"]
            let columns = table.columns.enumerated().map { index, column -> [String?] in
              [name[0], name[1], column.name, "\(index + 1)", column.type, column.isNullable ? "YES" : "NO"]
            }
            return table.isPartitioned ? columns + [pseudo] : columns
          }
        )
      case "table_constraints":
        return (
          ["constraint_name", "constraint_type"],
          engine.tables.filter { !$0.value.key.isEmpty }.map { ["\($0.key[1]).pk$", "PRIMARY KEY"] }
        )
      case "key_column_usage":
        return (
          ["constraint_name", "table_name", "column_name", "ordinal_position"],
          engine.tables.flatMap { name, table in
            table.key.enumerated().map { ["\(name[1]).pk$", name[1], $0.element, "\($0.offset + 1)"] }
          }
        )
      default: return nil
      }
    })
}

private func bigQueryType(_ text: String) -> String {
  let type = SQLType(text)
  let base = ["INTEGER": "INT64", "VARCHAR": "STRING", "BOOLEAN": "BOOL", "DECIMAL": "NUMERIC"][type.base] ?? type.base
  if type.second > 0 { return "\(base)(\(type.first), \(type.second))" }
  return type.first > 0 ? "\(base)(\(type.first))" : base
}
