extension MemoryWarehouse.Rules {
  /// Sections of Redshift's documentation: "ALTER TABLE", "SVV_TABLES", "SVV_COLUMNS", "PG_CLASS_INFO",
  /// "CREATE VIEW", "GRANT", "SVV_RELATION_PRIVILEGES".
  package static let redshift = Self(
    reading: SQLReading(quote: "\"", foldsQuoted: true, escapes: true, fold: { $0.lowercased() }),
    changesType: { old, new in
      (SQLType(old).base, SQLType(new).base) == ("charactervarying", "charactervarying")
    },
    setType: "type", addsIfMissing: false,
    lacks: ["add columns (", "set not null", "drop not null", "the same type"], bindsLate: true, keepsColumns: true,
    spelled: redshiftType,
    views: { engine, name in
      func oid(_ name: [String]) -> String { name.joined(separator: ".") }
      switch name {
      case "pg_namespace": return (["oid", "nspname"], engine.schemas.sorted().map { [$0, $0] })
      case "pg_class", "pg_class_info":
        return (
          ["oid", "relname", "relnamespace", "relcreationtime", "relkind"],
          engine.tables.map { name, table in
            [oid(name), name[1], name[0], "\(table.created)", table.isView ? "v" : "r"]
          }
        )
      case "pg_attribute":
        return (
          ["attrelid", "attname", "attnum"],
          engine.tables.flatMap { name, table in
            [[oid(name), "oid", "-2"]]
              + table.columns.enumerated().map { [oid(name), $0.element.name, "\($0.offset + 1)"] }
          }
        )
      case "pg_constraint":
        return (
          ["conrelid", "contype", "conkey"],
          engine.tables.filter { !$0.value.key.isEmpty }.flatMap { name, table in
            let numbers = table.key.map { column in
              "\((table.columns.firstIndex { $0.name == column } ?? 0) + 1)"
            }
            return [
              [oid(name), "p", numbers.joined(separator: ",")], [oid(name), "f", "\(table.columns.count)"],
            ]
          }
        )
      case "pg_views":
        return (
          ["schemaname", "viewname", "viewowner"],
          engine.tables.filter(\.value.isView).map { name, _ in [name[0], name[1], "mooring"] }
        )
      case "pg_depend":
        // A rule is its view's, and depends on each column that the view reads.
        return (
          ["objid", "refobjid", "deptype"],
          engine.tables.filter { !$0.value.reads.isEmpty }.flatMap { name, view in
            let rule = "rule of \(oid(name))"
            return [[rule, oid(name), "i"]]
              + view.reads.flatMap { read in
                Array(repeating: [rule, oid(read), "n"], count: 2)
              }
          }
        )
      case "svv_relation_privileges":
        return (
          ["namespace_name", "relation_name", "privilege_type", "identity_type", "identity_name", "admin_option"],
          engine.tables.flatMap { name, table in
            let own = table.isView ? [[name[0], name[1], "SELECT", "user", "mooring", "true"]] : []
            return own + table.grants.map { [name[0], name[1]] + $0 }
          }
        )
      case "svv_tables":
        return (
          ["table_schema", "table_name", "table_type", "remarks"],
          engine.tables.map { name, table in
            [name[0], name[1], table.isView ? "VIEW" : "BASE TABLE", table.comment]
          }
        )
      case "svv_columns":
        return (
          [
            "table_schema", "table_name", "column_name", "ordinal_position", "data_type", "character_maximum_length",
            "numeric_precision", "numeric_scale", "is_nullable",
          ],
          engine.tables.flatMap { name, table in
            table.columns.enumerated().map { index, column in
              [name[0], name[1], column.name, "\(index + 1)"] + described(column.type)
                + [column.isNullable ? "YES" : "NO"]
            }
          }
        )
      case "svv_table_info":
        return (
          ["schema", "table", "tbl_rows", "size"],
          engine.tables.filter { !$0.value.rows.isEmpty }.map { name, table in
            [name[0], name[1], "\(table.rows.count).0", "6"]
          }
        )
      default: return nil
      }
    })
}

/// Type, length, precision and scale; whole numbers have a precision too.
private func described(_ type: String) -> [String?] {
  let parts = SQLType(type)
  return switch parts.base {
  case "charactervarying": ["character varying", "\(parts.first)", nil, nil]
  case "numeric": ["numeric", nil, "\(parts.first)", "\(parts.second)"]
  case "integer": ["integer", nil, "32", "0"]
  case "bigint": ["bigint", nil, "64", "0"]
  default: [type, nil, nil, nil]
  }
}

private func redshiftType(_ text: String) -> String {
  let type = SQLType(text.lowercased())
  switch type.base {
  case "integer", "int", "int4": return "integer"
  case "varchar", "text": return "character varying(\(type.first > 0 ? type.first : 256))"
  case "decimal", "numeric": return "numeric(\(type.first > 0 ? type.first : 18),\(type.second))"
  case "timestamp": return "timestamp without time zone"
  case "timestamptz": return "timestamp with time zone"
  case "doubleprecision": return "double precision"
  default: return type.base
  }
}
