import JSON

/// Dropping blocked columns; the next sync does it.
extension Account {
  mutating func dropColumn(
    _ index: Int, _ schema: String, _ table: String, _ column: String
  ) -> APIResponse {
    drop([(schema, table, column)], index)
  }

  mutating func dropColumns(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let schemas = request.object?["schemas"]?.members else { return invalid("schemas are needed") }
    var columns: [(String, String, String)] = []
    for schema in schemas {
      for table in schema.value["tables"]?.members ?? [] {
        for name in table.value["columns"]?.array ?? [] {
          guard let name = name.string else { return invalid("columns should be names") }
          columns.append((schema.name, table.name, name))
        }
      }
    }
    return columns.isEmpty ? invalid("no columns are named") : drop(columns, index)
  }

  /// All of them, or none where one cannot be dropped.
  private mutating func drop(_ columns: [(String, String, String)], _ index: Int) -> APIResponse {
    var config = connections[index].config
    for (schema, table, name) in columns {
      guard let at = config.position(of: SourceName(schema), SourceName(table)) else { return noTable(table) }
      let found = config.schemas[at.schema].tables[at.table].columns
        .firstIndex { $0.name == SourceName(name) }
      guard let found else {
        return failure(404, "NotFound_Column", "no column '\(name)'; names are case-sensitive")
      }
      if config.schemas[at.schema].tables[at.table].columns[found].isEnabled {
        return failure(409, "Conflict", "column '\(name)' is not in blocked state")
      }
      config.schemas[at.schema].tables[at.table].columns[found].isDropAsked = true
    }
    connections[index].config = config
    return success(message: "Column(s) successfully marked for deletion")
  }
}
