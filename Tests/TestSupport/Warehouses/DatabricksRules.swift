extension MemoryWarehouse.Rules {
  /// Sections of Databricks' documentation: "Type widening", "Information schema".
  package static let databricks = Self(
    reading: SQLReading(quote: "`", fold: { $0.lowercased() }),
    changesType: { old, new in
      let (old, new) = (SQLType(old), SQLType(new))
      let whole = ["tinyint", "smallint", "int", "bigint"]
      switch (whole.firstIndex(of: old.base), whole.firstIndex(of: new.base)) {
      case (let before?, let after?): return after >= before
      case (let before?, nil):
        if new.base == "double" { return before < 3 }
        return new.base == "decimal" && new.first - new.second >= (before == 3 ? 20 : 10)
      default: break
      }
      switch (old.base, new.base) {
      case ("float", "double"), ("date", "timestamp_ntz"): return true
      case ("decimal", "decimal"):
        return new.second >= old.second && new.first - new.second >= old.first - old.second
      default: return false
      }
    },
    setType: "type", addsIfMissing: false, spelled: databricksType,
    views: { engine, name in
      let keys = engine.tables.filter { !$0.value.key.isEmpty }
      switch name {
      case "schemata": return (["schema_name"], engine.schemas.sorted().map { [$0] })
      case "tables":
        return (
          ["table_schema", "table_name", "table_type", "comment", "created"],
          engine.tables.map { name, table in
            [name[0], name[1], table.isView ? "VIEW" : "MANAGED", table.comment, "\(table.created)"]
          }
        )
      case "columns":
        return (
          ["table_schema", "table_name", "column_name", "ordinal_position", "full_data_type", "is_nullable"],
          engine.tables.flatMap { name, table in
            table.columns.enumerated().map { index, column in
              [name[0], name[1], column.name, "\(index)", column.type, column.isNullable ? "YES" : "NO"]
            }
          }
        )
      case "table_constraints":
        return (
          ["constraint_schema", "constraint_name", "table_name", "constraint_type"],
          keys.flatMap { name, _ in
            [[name[0], "\(name[1])_pk", name[1], "PRIMARY KEY"], [name[0], "\(name[1])_fk", name[1], "FOREIGN KEY"]]
          }
        )
      case "key_column_usage":
        return (
          ["constraint_schema", "constraint_name", "table_schema", "table_name", "column_name", "ordinal_position"],
          keys.flatMap { name, table in
            table.key.enumerated().map { [name[0], "\(name[1])_pk", name[0], name[1], $0.element, "\($0.offset + 1)"] }
              + [[name[0], "\(name[1])_fk", name[0], name[1], table.columns.last?.name, "1"]]
          }
        )
      default: return nil
      }
    })
}

private func databricksType(_ text: String) -> String {
  let type = SQLType(text.lowercased())
  switch type.base {
  case "integer", "int": return "int"
  case "varchar", "text": return type.first > 0 ? "varchar(\(type.first))" : "string"
  case "decimal", "numeric": return type.first > 0 ? "decimal(\(type.first),\(type.second))" : "decimal(10,0)"
  default: return type.base
  }
}
