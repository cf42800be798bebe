import DriftCore
import JSON

/// The schema config, read.
extension Account {
  mutating func schemas(_ index: Int, _ request: APIRequest, _ parts: [String]) -> APIResponse {
    switch (request.method, parts.count) {
    case ("POST", 0): return precreate(index, request)
    case ("POST", 1) where parts[0] == "reload": return reload(index, request)
    case ("POST", 2) where parts == ["tables", "resync"]: return resyncTables(index, request)
    default: break
    }
    if !connections[index].hasConfig {
      return failure(
        404, "NotFound_SchemaConfig",
        "Connector with id '\(connections[index].id)' doesn't have schema config")
    }
    let isTable = parts.count >= 3 && parts[1] == "tables"
    let isColumn = parts.count == 5 && isTable && parts[3] == "columns"
    switch (request.method, parts.count) {
    case ("GET", 0): return read(index)
    case ("PATCH", 0): return patchAll(index, request)
    case ("PATCH", 1): return patchSchema(index, request, parts[0])
    case ("PATCH", 3) where isTable: return patchTable(index, request, parts[0], parts[2])
    case ("PATCH", 5) where isColumn: return patchColumn(index, request, parts[0], parts[2], parts[4])
    case ("GET", 4) where isTable && parts[3] == "columns": return columns(index, parts[0], parts[2])
    case ("POST", 4) where isTable && parts[3] == "resync":
      // Only Fivetran's own Go client knows this one.
      var whole = request
      whole.body = Array(JSONValue.object([JSONMember(parts[0], [.string(parts[2])])]).text.utf8)
      return resyncTables(index, whole)
    case ("POST", 1) where parts[0] == "drop-columns": return dropColumns(index, request)
    case ("DELETE", 5) where isColumn: return dropColumn(index, parts[0], parts[2], parts[4])
    case (_, 0), (_, 1): return notAllowed
    default: return isColumn || isTable && parts.count <= 4 ? notAllowed : noSuchPath
    }
  }

  private mutating func read(_ index: Int) -> APIResponse {
    let isHalf = connections[index].halfListings > 0
    if isHalf { connections[index].halfListings -= 1 }
    return success(connections[index].config.json(isHalf: isHalf))
  }

  private mutating func reload(_ index: Int, _ request: APIRequest) -> APIResponse {
    if !request.body.isEmpty, request.object == nil { return noObject }
    let mode = request.object?["exclude_mode"]?.string ?? "PRESERVE"
    guard ["PRESERVE", "INCLUDE", "EXCLUDE"].contains(mode) else { return invalid("no such exclude_mode") }
    if connections[index].setupState != "connected" {
      return invalid("the connection is \(connections[index].setupState): its source cannot be read")
    }
    connections[index].look()
    connections[index].hasConfig = true
    connections[index].precreated = nil
    if mode != "PRESERVE" { connections[index].config.setAll(isEnabled: mode == "INCLUDE") }
    return success(
      connections[index].config.json(), message: "Schema configuration has been reloaded")
  }

  /// Kept as it is, and applied as far as it goes at the first look at the source.
  private mutating func precreate(_ index: Int, _ request: APIRequest) -> APIResponse {
    if connections[index].hasConfig {
      return invalid("the schema config of this connection exists already")
    }
    guard let body = request.object, body["schemas"]?.members != nil else {
      return invalid("schemas are needed")
    }
    if let handling = body["schema_change_handling"], handling.string.flatMap(ChangeHandling.init) == nil {
      return invalid("schema_change_handling is not known")
    }
    connections[index].precreated = body
    return success(body)
  }

  private func columns(_ index: Int, _ schema: String, _ name: String) -> APIResponse {
    let connection = connections[index]
    if connection.setupState != "connected" {
      return invalid("the connection is \(connection.setupState): its source cannot be read")
    }
    guard let at = connection.config.position(of: SourceName(schema), SourceName(name)),
      let live = connection.source.table(SourceName(schema), SourceName(name))
    else { return noTable(name) }
    let table = connection.config.schemas[at.schema].tables[at.table]
    if !table.supportsColumnSettings { return noColumnSettings(name, schema) }
    let members = live.columns.map { column in
      let known = table.columns.first { $0.name == column.name }
      let shown = known ?? connection.config.undiscovered(column)
      return JSONMember(column.name.text, shown.json)
    }
    return success(["columns": .object(members)])
  }
}

func noColumnSettings(_ table: String, _ schema: String) -> APIResponse {
  invalid("Table `\(table)` of schema `\(schema)` doesn't supports columns configuration")
}

extension SchemaConfig {
  /// A column of the source that no sync or reload has seen, as it would be taken.
  fileprivate func undiscovered(_ column: Source.Column) -> Column {
    var column = Column(column)
    if changeHandling == .blockAll, !column.isLocked { column.isEnabled = false }
    return column
  }

  fileprivate mutating func setAll(isEnabled: Bool) {
    for schema in schemas.indices {
      schemas[schema].isEnabled = isEnabled
      for table in schemas[schema].tables.indices
      where schemas[schema].tables[table].lock == nil && !schemas[schema].tables[table].isDeleted {
        schemas[schema].tables[table].isEnabled = isEnabled
      }
    }
  }

  /// - Parameter isHalf: with the first half of the tables only.
  func json(isHalf: Bool = false) -> JSONValue {
    var left = isHalf ? schemas.reduce(0) { $0 + $1.tables.count } / 2 : Int.max
    var members: [JSONMember] = []
    for schema in schemas where left > 0 {
      let tables = schema.tables.prefix(left)
      left -= tables.count
      members.append(
        JSONMember(
          schema.name.text,
          [
            "name_in_destination": .string(schema.landedName), "enabled": .bool(schema.isEnabled),
            "tables": .object(tables.map { JSONMember($0.name.text, $0.json(changeHandling)) }),
          ]))
    }
    return [
      "enable_new_by_default": .bool(changeHandling == .allowAll),
      "schema_change_handling": .string(changeHandling.rawValue), "schemas": .object(members),
    ]
  }
}

extension SchemaConfig.Table {
  /// Columns that nobody has touched are hidden.
  fileprivate func json(_ handling: ChangeHandling) -> JSONValue {
    let shown = columns.filter { $0.isTouched || $0.lock != nil || handling == .blockAll }
    var settings: JSONValue = ["allowed": true]
    if isDeleted {
      settings = ["allowed": false, "reason_code": "DELETED"]
    } else if let lock {
      settings = [
        "allowed": false, "reason_code": .string(lock.rawValue),
        "reason": "The table does not support exclusion",
      ]
    }
    var members = [
      JSONMember("name_in_destination", .string(landedName)), JSONMember("enabled", .bool(isEnabled)),
    ]
    if let syncMode { members.append(JSONMember("sync_mode", .string(syncMode.rawValue))) }
    members += [
      JSONMember("enabled_patch_settings", settings),
      JSONMember("supports_columns_config", .bool(supportsColumnSettings)),
      JSONMember("supports_history_mode", .bool(syncMode != nil)),
      JSONMember("columns", .object(shown.map { JSONMember($0.name.text, $0.json) })),
    ]
    return .object(members)
  }
}

extension SchemaConfig.Column {
  var json: JSONValue {
    var settings: JSONValue = ["allowed": true]
    if isDeleted {
      settings = ["allowed": false, "reason_code": "DELETED"]
    } else if isPrimaryKey {
      settings = [
        "allowed": false, "reason_code": "SYSTEM_COLUMN",
        "reason": "The column does not support exclusion as it is a Primary Key",
      ]
    } else if let lock {
      settings = [
        "allowed": false, "reason_code": .string(lock.rawValue),
        "reason": "The column does not support exclusion",
      ]
    }
    return [
      "name_in_destination": .string(landedName), "enabled": .bool(isEnabled),
      "hashed": .bool(isHashed), "is_primary_key": .bool(isPrimaryKey),
      "enabled_patch_settings": settings,
    ]
  }
}
