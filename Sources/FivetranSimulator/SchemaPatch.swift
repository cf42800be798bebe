import DriftCore
import JSON

/// The schema config, changed. A change is taken whole or not at all, and cancels a running sync.
extension Account {
  mutating func patchAll(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = request.object else { return noObject }
    return patch(index, body, message: "Schema configuration has been modified")
  }

  mutating func patchSchema(_ index: Int, _ request: APIRequest, _ schema: String) -> APIResponse {
    guard let body = request.object else { return noObject }
    return patch(
      index, ["schemas": .object([JSONMember(schema, body)])],
      message: "Database schema configuration has been modified")
  }

  mutating func patchTable(
    _ index: Int, _ request: APIRequest, _ schema: String, _ table: String
  ) -> APIResponse {
    guard let body = request.object else { return noObject }
    return patch(
      index, within(schema, .object([JSONMember(table, body)])),
      message: "Table configuration has been modified")
  }

  mutating func patchColumn(
    _ index: Int, _ request: APIRequest, _ schema: String, _ table: String, _ column: String
  ) -> APIResponse {
    guard let body = request.object else { return noObject }
    let columns: JSONValue = ["columns": .object([JSONMember(column, body)])]
    return patch(
      index, within(schema, .object([JSONMember(table, columns)])),
      message: "Column configuration has been modified")
  }

  private func within(_ schema: String, _ tables: JSONValue) -> JSONValue {
    let value: JSONValue = ["tables": tables]
    return ["schemas": .object([JSONMember(schema, value)])]
  }

  private mutating func patch(_ index: Int, _ body: JSONValue, message: String) -> APIResponse {
    var edit = SchemaEdit(config: connections[index].config, source: connections[index].source)
    if let refusal = edit.apply(body) { return refusal }
    cancelSync(
      at: index,
      reason: "Sync has been cancelled because of a user action in the dashboard.Standard Config updated.")
    connections[index].config = edit.config
    if !edit.enabledTables.isEmpty {
      // A table that was excluded is read from its beginning.
      askResync(connections[index].traits.resyncsTables ? .tables(edit.enabledTables) : .everything, at: index)
    }
    emit("edit_connector", at: index)
    return success(edit.config.json(), message: message)
  }
}

extension SchemaConfig {
  /// Takes what is possible and leaves the rest, as a config that was asked for before there was one.
  mutating func applyLeniently(_ body: JSONValue) {
    var edit = SchemaEdit(config: self, source: Source(tables: []))
    if let handling = body["schema_change_handling"] { _ = edit.apply(["schema_change_handling": handling]) }
    for schema in body["schemas"]?.members ?? [] {
      for (path, value) in pieces(of: schema.value) {
        let piece = path.reversed().reduce(value) { .object([JSONMember($1, $0)]) }
        _ = edit.apply(["schemas": .object([JSONMember(schema.name, piece)])])
      }
    }
    self = edit.config
  }

  /// One setting each, with the path to it, so that one refusal does not take the others along.
  private func pieces(of value: JSONValue, at path: [String] = []) -> [([String], JSONValue)] {
    (value.members ?? []).flatMap { member in
      member.value.members == nil
        ? [(path + [member.name], member.value)] : pieces(of: member.value, at: path + [member.name])
    }
  }
}

/// A change of the config that is being tried.
private struct SchemaEdit {
  var config: SchemaConfig
  let source: Source
  /// Tables that were off before.
  var enabledTables: Set<SourcePath> = []

  /// Returns the refusal where a part of it is impossible.
  mutating func apply(_ body: JSONValue) -> APIResponse? {
    if let value = body["schema_change_handling"] {
      guard let handling = value.string.flatMap(ChangeHandling.init(rawValue:)) else {
        return invalid("schema_change_handling is not known")
      }
      config.changeHandling = handling
    }
    if let value = body["is_type_locked"] {
      guard let isLocked = value.bool else { return invalid("is_type_locked is no boolean") }
      config.isTypeLocked = isLocked
    }
    if let value = body["schemas"], value.members == nil { return invalid("schemas is no object") }
    for schema in body["schemas"]?.members ?? [] {
      if let refusal = apply(schema.value, toSchema: SourceName(schema.name)) { return refusal }
    }
    return nil
  }

  private mutating func apply(_ value: JSONValue, toSchema name: SourceName) -> APIResponse? {
    guard value.members != nil else { return invalid("schema '\(name.text)' is no object") }
    guard let schema = config.schemas.firstIndex(where: { $0.name == name }) else {
      return failure(404, "NotFound_Schema", "no schema '\(name.text)'; names are case-sensitive")
    }
    switch flag("enabled", of: value) {
    case .failure(let refusal): return refusal.answer
    case .success(let enabled): config.schemas[schema].isEnabled = enabled ?? config.schemas[schema].isEnabled
    }
    for member in value["tables"]?.members ?? [] {
      guard
        let table = config.schemas[schema].tables.firstIndex(where: { $0.name == SourceName(member.name) })
      else { return noTable(member.name) }
      if let refusal = apply(member.value, schema, table) { return refusal }
    }
    return nil
  }

  private mutating func apply(_ value: JSONValue, _ schema: Int, _ index: Int) -> APIResponse? {
    var table = config.schemas[schema].tables[index]
    let path = SourcePath(schema: config.schemas[schema].name, table: table.name)
    guard value.members != nil else { return invalid("table '\(table.name.text)' is no object") }
    switch flag("enabled", of: value) {
    case .failure(let refusal): return refusal.answer
    case .success(let enabled?) where enabled != table.isEnabled:
      if table.lock != nil || table.isDeleted { return locked("table", table.name) }
      table.isEnabled = enabled
      if enabled { enabledTables.insert(path) } else { enabledTables.remove(path) }
    case .success: break
    }
    if let text = value["sync_mode"], !text.isNull {
      guard let mode = text.string.flatMap(SyncMode.init(rawValue:)) else { return invalid("no such sync_mode") }
      if table.syncMode == nil { return invalid("the sync mode of table '\(table.name.text)' cannot be changed") }
      table.syncMode = mode
    }
    let columns = value["columns"]?.members ?? []
    if !columns.isEmpty, !table.supportsColumnSettings {
      return noColumnSettings(table.name.text, config.schemas[schema].name.text)
    }
    for column in columns {
      if let refusal = apply(column.value, toColumn: SourceName(column.name), of: &table, path) {
        return refusal
      }
    }
    config.schemas[schema].tables[index] = table
    return nil
  }

  private func apply(
    _ value: JSONValue, toColumn name: SourceName, of table: inout SchemaConfig.Table, _ path: SourcePath
  ) -> APIResponse? {
    guard value.members != nil else { return invalid("column '\(name.text)' is no object") }
    if !table.columns.contains(where: { $0.name == name }),
      let live = source.table(path.schema, path.table)?.columns.first(where: { $0.name == name })
    {
      // The columns call shows it, so it can be set before a sync has seen it.
      table.columns.append(SchemaConfig.Column(live))
    }
    guard let index = table.columns.firstIndex(where: { $0.name == name }) else {
      return failure(404, "NotFound_Column", "no column '\(name.text)'; names are case-sensitive")
    }
    switch flag("enabled", of: value) {
    case .failure(let refusal): return refusal.answer
    case .success(let enabled?) where enabled != table.columns[index].isEnabled:
      if table.columns[index].isLocked { return locked("column", name) }
      table.columns[index].isEnabled = enabled
      table.columns[index].isDropAsked = false
    case .success: break
    }
    switch flag("hashed", of: value) {
    case .failure(let refusal): return refusal.answer
    case .success(let hashed): table.columns[index].isHashed = hashed ?? table.columns[index].isHashed
    }
    if case .success(let isKey?) = flag("is_primary_key", of: value), isKey != table.columns[index].isPrimaryKey {
      return invalid("keys of this connection cannot be chosen")
    }
    table.columns[index].isTouched = true
    return nil
  }

  private struct Refusal: Error { var answer: APIResponse }

  /// Nil where it is missing or null.
  private func flag(_ name: String, of value: JSONValue) -> Result<Bool?, Refusal> {
    guard let member = value[name], !member.isNull else { return .success(nil) }
    guard let flag = member.bool else { return .failure(Refusal(answer: invalid("\(name) is no boolean"))) }
    return .success(flag)
  }

  private func locked(_ kind: String, _ name: SourceName) -> APIResponse {
    invalid("\(kind) '\(name.text)' is locked: enabled cannot be changed")
  }
}
