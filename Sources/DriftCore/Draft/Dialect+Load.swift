extension Dialect {
  /// `load.sql`, with a heading in comments that says which mapping it was rendered from: what the team's own job runs to
  /// feed a table, and may run again at any time; the statement that makes a view.
  package func loadSQL(
    _ mapping: Mapping, landed: [ColumnName: ColumnType], systemColumns: [ColumnName] = []
  ) throws(DraftRefusal) -> String {
    if mapping.target.kind == .view {
      let view = try statement(for: .replaceView, mapping: mapping, landed: landed, systemColumns: systemColumns)
      return "\(loadHeading)\(mapping.digest): the view, as a change that replaces it makes it.\n\n\(view);\n"
    }
    let load = try load(mapping, landed: landed, systemColumns: systemColumns, use: .assignment)
    var text = "\(loadHeading)\(mapping.digest). May be run again at any time.\n"
    if load.keys.isEmpty {
      if load.columns.contains(where: { $0.type == .xml }) {
        throw .noKey(mapping.target.table)
      }
      text += "-- The mapping has no key: rows that are not there yet are appended, and a row that changed\n"
      text += "-- is appended beside its old version. Nothing is deleted.\n"
    } else if load.conditions.isEmpty {
      text += "-- Rows are inserted or updated by key. Nothing is deleted.\n"
    } else {
      text += "-- Rows are inserted or updated by key; rows that the row rules leave out are deleted by key.\n"
    }
    for statement in self.load(load) { text += "\n\(statement);\n" }
    return text
  }

  /// The target as `mooring init --target table` proposes it: the mapping's columns, and its key as the primary key.
  package func createTarget(_ mapping: Mapping) throws(DraftRefusal) -> String {
    var lines: [String] = []
    var keys: [String] = []
    for column in mapping.columns {
      guard canAdd(column.target) else { throw .notAddable(column.target) }
      let name = try naming { () throws(NameRefusal) in try quote(column.target) }
      lines.append(try name + " " + targetType(of: column).name)
      if column.isKey { keys.append(name) }
    }
    if !keys.isEmpty { lines.append("PRIMARY KEY (\(keys.joined(separator: ", ")))\(primaryKeyClause)") }
    let table = try naming { () throws(NameRefusal) in try quote(mapping.target.table) }
    return "CREATE TABLE \(table) (\n  \(lines.joined(separator: ",\n  "))\n)"
  }
}
