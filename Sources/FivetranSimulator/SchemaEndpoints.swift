import DriftCore
import JSON

extension Account {
  mutating func schemas(_ index: Int, _ request: APIRequest, _ parts: [String]) -> APIResponse {
    switch (request.method, parts.count, parts.first) {
    case ("GET", 0, _):
      if connections[index].succeededAt == nil {
        return failure(
          404, "NotFound_SchemaConfig",
          "Connector with id '\(connections[index].id)' doesn't have schema config")
      }
      let isHalf = connections[index].halfListings > 0
      if isHalf { connections[index].halfListings -= 1 }
      return success(config(connections[index], isHalf: isHalf))
    case ("PATCH", 0, _): return patchAll(index, request)
    case ("POST", 0, _):
      return failure(400, "InvalidInput", "the schema config of this connection exists already")
    case ("DELETE", 5, _) where parts[1] == "tables" && parts[3] == "columns":
      return dropOne(index, parts)
    case ("POST", 1, "reload"):
      if connections[index].succeededAt == nil { connections[index].succeededAt = tick() }
      return success(
        config(connections[index], isHalf: false),
        message: "Schema configuration has been reloaded")
    case ("POST", 1, "drop-columns"): return dropColumns(index, request)
    case ("POST", 2, "tables") where parts.last == "resync": return resyncTables(index, request)
    case ("PATCH", 1, _): return patchOne(index, request, parts, "Database schema")
    case ("PATCH", 3, _) where parts[1] == "tables":
      return patchOne(index, request, parts, "Table")
    case ("PATCH", 5, _) where parts[1] == "tables" && parts[3] == "columns":
      return patchOne(index, request, parts, "Column")
    case ("GET", 4, _) where parts[1] == "tables" && parts[3] == "columns":
      guard let table = table(index, parts[0], parts[2]) else {
        return failure(404, "NotFound_Table", "no such table; names are case-sensitive")
      }
      let columns = connections[index].tables[table].columns.filter { !$0.isDeleted }
      return success(["columns": .object(columns.map { JSONMember($0.source, json($0)) })])
    default: return failure(405, "MethodNotAllowed", "not available on this path")
    }
  }

  private func table(_ index: Int, _ schema: String, _ name: String) -> Int? {
    connections[index].tables.firstIndex { $0.sourceSchema == schema && $0.source == name }
  }

  /// Columns that nobody has touched are hidden: only those with a state of their own are listed.
  private func config(_ connection: Connection, isHalf: Bool) -> JSONValue {
    var schemas: [(name: String, landed: String, tables: [JSONMember])] = []
    let tables = isHalf ? Array(connection.tables.prefix(connection.tables.count / 2)) : connection.tables
    for table in tables {
      let member = JSONMember(table.source, json(table, handling: connection.changeHandling))
      if let index = schemas.firstIndex(where: { $0.name == table.sourceSchema }) {
        schemas[index].tables.append(member)
      } else {
        schemas.append((table.sourceSchema, table.schema, [member]))
      }
    }
    return [
      "enable_new_by_default": .bool(connection.changeHandling == .allowAll),
      "schema_change_handling": .string(connection.changeHandling.rawValue),
      "schemas": .object(
        schemas.map {
          JSONMember(
            $0.name,
            [
              "name_in_destination": .string($0.landed), "enabled": true,
              "tables": .object($0.tables),
            ])
        }),
    ]
  }

  private func json(_ table: Table, handling: ChangeHandling) -> JSONValue {
    let shown = table.columns.filter { $0.isTouched || handling == .blockAll }
    let settings: JSONValue =
      table.isDeleted ? ["allowed": false, "reason_code": "DELETED"] : ["allowed": true]
    return [
      "name_in_destination": .string(table.name), "enabled": .bool(table.isEnabled),
      "sync_mode": "SOFT_DELETE", "enabled_patch_settings": settings,
      "supports_columns_config": true, "supports_history_mode": true,
      "columns": .object(shown.map { JSONMember($0.source, json($0)) }),
    ]
  }

  private func json(_ column: Column) -> JSONValue {
    let settings: JSONValue =
      if column.isDeleted {
        ["allowed": false, "reason_code": "DELETED"]
      } else if column.isPrimaryKey {
        [
          "allowed": false, "reason_code": "SYSTEM_COLUMN",
          "reason": "The column does not support exclusion as it is a Primary Key",
        ]
      } else {
        ["allowed": true]
      }
    return [
      "name_in_destination": .string(column.name), "enabled": .bool(column.isEnabled),
      "hashed": .bool(column.isHashed), "is_primary_key": .bool(column.isPrimaryKey),
      "enabled_patch_settings": settings,
    ]
  }

  // MARK: Changes

  private mutating func patchAll(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = try? JSONValue.parse(request.body), body.members != nil else {
      return failure(400, "InvalidInput", "the body is not a JSON object")
    }
    var edited = connections[index]
    if let text = body["schema_change_handling"]?.string {
      guard let handling = ChangeHandling(rawValue: text) else {
        return failure(400, "InvalidInput", "schema_change_handling is not known")
      }
      edited.changeHandling = handling
    }
    for schema in body["schemas"]?.members ?? [] {
      if let refusal = patch(&edited, schema: schema.name, schema.value) { return refusal }
    }
    return commit(edited, at: index, message: "Schema configuration has been modified")
  }

  private mutating func patchOne(
    _ index: Int, _ request: APIRequest, _ parts: [String], _ what: String
  ) -> APIResponse {
    guard let body = try? JSONValue.parse(request.body), body.members != nil else {
      return failure(400, "InvalidInput", "the body is not a JSON object")
    }
    var value = body
    if parts.count >= 5 {
      value = ["enabled": true, "columns": .object([JSONMember(parts[4], value)])]
    }
    if parts.count >= 3 {
      value = ["enabled": true, "tables": .object([JSONMember(parts[2], value)])]
    }
    var edited = connections[index]
    if let refusal = patch(&edited, schema: parts[0], value) { return refusal }
    return commit(edited, at: index, message: "\(what) configuration has been modified")
  }

  /// A new setting cancels a running sync.
  private mutating func commit(_ edited: Connection, at index: Int, message: String) -> APIResponse {
    connections[index] = edited
    connections[index].isSyncAsked = false
    return success(config(edited, isHalf: false), message: message)
  }

  private func patch(
    _ connection: inout Connection, schema: String, _ value: JSONValue
  ) -> APIResponse? {
    guard connection.tables.contains(where: { $0.sourceSchema == schema }) else {
      return failure(404, "NotFound_Schema", "no schema '\(schema)'")
    }
    for member in value["tables"]?.members ?? [] {
      guard
        let table = connection.tables.firstIndex(where: {
          $0.sourceSchema == schema && $0.source == member.name
        })
      else { return failure(404, "NotFound_Table", "no table '\(member.name)'") }
      if let enabled = member.value["enabled"]?.bool {
        if connection.tables[table].isDeleted, enabled != connection.tables[table].isEnabled {
          return failure(400, "InvalidInput", "table '\(member.name)' is locked")
        }
        connection.tables[table].isEnabled = enabled
      }
      for column in member.value["columns"]?.members ?? [] {
        guard
          let at = connection.tables[table].columns.firstIndex(where: { $0.source == column.name })
        else { return failure(404, "NotFound_Column", "no column '\(column.name)'") }
        if let refusal = patch(&connection.tables[table].columns[at], column.value) {
          return refusal
        }
      }
    }
    return nil
  }

  private func patch(_ column: inout Column, _ value: JSONValue) -> APIResponse? {
    if let enabled = value["enabled"]?.bool, enabled != column.isEnabled {
      if column.isPrimaryKey || column.isDeleted {
        return failure(400, "InvalidInput", "column '\(column.source)' is locked")
      }
      column.isEnabled = enabled
    }
    if let hashed = value["hashed"]?.bool { column.isHashed = hashed }
    column.isTouched = true
    return nil
  }

  private mutating func dropOne(_ index: Int, _ parts: [String]) -> APIResponse {
    guard let at = table(index, parts[0], parts[2]),
      let column = connections[index].tables[at].columns.firstIndex(where: {
        $0.source == parts[4]
      })
    else { return failure(404, "NotFound_Column", "no such column") }
    if connections[index].tables[at].columns[column].isEnabled {
      return failure(409, "Conflict", "column not in blocked state")
    }
    connections[index].tables[at].columns[column].isDropAsked = true
    return success(message: "Column(s) successfully marked for deletion")
  }

  private mutating func dropColumns(_ index: Int, _ request: APIRequest) -> APIResponse {
    let body = (try? JSONValue.parse(request.body)) ?? .null
    for schema in body["schemas"]?.members ?? [] {
      for member in schema.value["tables"]?.members ?? [] {
        guard let at = table(index, schema.name, member.name) else {
          return failure(404, "NotFound_Table", "no table '\(member.name)'")
        }
        for name in (member.value["columns"]?.array ?? []).compactMap(\.string) {
          guard
            let column = connections[index].tables[at].columns.firstIndex(where: {
              $0.source == name
            })
          else { return failure(404, "NotFound_Column", "no column '\(name)'") }
          if connections[index].tables[at].columns[column].isEnabled {
            return failure(409, "Conflict", "column not in blocked state")
          }
          connections[index].tables[at].columns[column].isDropAsked = true
        }
      }
    }
    return success(message: "Column(s) successfully marked for deletion")
  }

  private mutating func resyncTables(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = (try? JSONValue.parse(request.body))?.members, !body.isEmpty else {
      return failure(400, "InvalidInput", "no tables are named")
    }
    for schema in body {
      for name in (schema.value.array ?? []).compactMap(\.string)
      where table(index, schema.name, name) == nil {
        return failure(404, "NotFound_Table", "no table '\(name)'")
      }
    }
    connections[index].isSyncAsked = true
    return success(message: "Re-sync has been triggered successfully")
  }
}
