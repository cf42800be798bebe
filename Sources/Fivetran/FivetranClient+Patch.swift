package import DriftCore
import JSON

extension FivetranClient {
  /// Changes one setting, unless the config already has it, and reads the config again to see that it took.
  ///
  /// The PATCH names every `enabled` on the way with its present value, because Fivetran requires one in each object.
  package func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {
    guard let call = try await call(for: patch, on: connection) else { return }
    try await act(call)
    guard try await schemaConfig(of: connection).has(patch) else {
      throw failure(.settingNotTaken(setting: plain(patch.words)), call)
    }
  }

  /// Nil where the config has it already.
  func call(for patch: SettingsPatch, on connection: ConnectionID) async throws -> Call? {
    precondition(patch.enabled != nil || patch.hashed != nil, "a patch that changes nothing")
    precondition(patch.column != nil || patch.hashed == nil, "only columns are hashed")
    let before = try await schemaConfig(of: connection)
    if before.has(patch) { return nil }
    var call = Call(
      method: "PATCH", segments: ["connections", connection.text, "schemas"],
      timeout: Self.sourceTimeout)
    guard let entry = before[patch.table] else {
      let message = "the config has no table \"\(patch.table)\"; names are case-sensitive"
      throw failure(.invalid(message: plain(message)), call)
    }
    if !entry.isSchemaEnabled, patch.enabled == true {
      let message = "schema \"\(patch.table.schema)\" is disabled; enable it in Fivetran first"
      throw failure(.invalid(message: plain(message)), call)
    }
    var table = entry.table
    if let name = patch.column {
      guard table.supportsColumnSettings else {
        let message = "Fivetran allows no column settings for table \"\(patch.table)\""
        throw failure(.invalid(message: plain(message)), call)
      }
      var column = try await currentSetting(of: name, in: table, connection, call)
      if let enabled = patch.enabled, enabled != column.isEnabled {
        guard column.canPatch else {
          let message = "Fivetran does not let column \"\(name)\" be switched on or off"
          throw failure(.invalid(message: plain(message)), call)
        }
        column.isEnabled = enabled
      }
      column.isHashed = patch.hashed ?? column.isHashed
      table.columns = [column]
    } else {
      table.isEnabled = patch.enabled ?? table.isEnabled
      table.columns = []
    }
    call.body = body(
      table, isSchemaEnabled: entry.isSchemaEnabled, sendsHashed: patch.hashed != nil)
    return call
  }

  /// The config leaves out columns that nobody has touched; then the source is asked.
  private func currentSetting(
    of name: String, in table: TableSetting, _ connection: ConnectionID, _ call: Call
  ) async throws -> ColumnSetting {
    if let column = table.columns.first(where: { isSame($0.source, name) }) { return column }
    let columns = try await columns(of: table.source, in: connection)
    guard let column = columns.first(where: { isSame($0.source, name) }) else {
      let message = "table \"\(table.source)\" has no column \"\(name)\"; names are case-sensitive"
      throw failure(.invalid(message: plain(message)), call)
    }
    return column
  }
}

private func body(_ table: TableSetting, isSchemaEnabled: Bool, sendsHashed: Bool) -> String {
  var members = [JSONMember("enabled", .bool(table.isEnabled))]
  if !table.columns.isEmpty {
    let columns = table.columns.map { column in
      var members = [JSONMember("enabled", .bool(column.isEnabled))]
      if sendsHashed { members.append(JSONMember("hashed", .bool(column.isHashed))) }
      return JSONMember(column.source, .object(members))
    }
    members.append(JSONMember("columns", .object(columns)))
  }
  let tables: JSONValue = .object([JSONMember(table.source.name, .object(members))])
  let schema: JSONValue = ["enabled": .bool(isSchemaEnabled), "tables": tables]
  let body: JSONValue = ["schemas": .object([JSONMember(table.source.schema, schema)])]
  return body.text
}

extension SchemaConfig {
  fileprivate subscript(_ table: SourceTable) -> Entry? {
    tables.first { $0.table.source == table }
  }

  /// Whether the config shows the setting as the patch wants it.
  fileprivate func has(_ patch: SettingsPatch) -> Bool {
    guard let table = self[patch.table]?.table else { return false }
    guard let name = patch.column else { return table.isEnabled == patch.enabled }
    guard let column = table.columns.first(where: { isSame($0.source, name) }) else { return false }
    return column.isEnabled == patch.enabled ?? column.isEnabled
      && column.isHashed == patch.hashed ?? column.isHashed
  }
}

extension SettingsPatch {
  /// `enabled: false of column "email" of public.orders`.
  fileprivate var words: String {
    let values = [enabled.map { "enabled: \($0)" }, hashed.map { "hashed: \($0)" }]
    let setting = values.compactMap { $0 }.joined(separator: ", ")
    return "\(setting) of \(column.map { "column \"\($0)\" of " } ?? "")\(table)"
  }
}

private func isSame(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
