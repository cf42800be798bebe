import JSON

extension Account {
  mutating func groups(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    let group: JSONValue = [
      "id": .string(groupID), "name": "warehouse", "created_at": "2025-10-01T00:00:00.000000Z",
    ]
    guard let id = parts.first else { return page([group], request) }
    guard id == groupID else {
      return failure(404, "NotFound_Group", "Group with id '\(id)' does not exist.")
    }
    if parts.count == 1 { return success(group) }
    return page(connections.map { details($0, isListed: true) }, request)
  }

  func destinations(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    if let id = parts.first, id != groupID {
      return failure(404, "NotFound_Destination", "no such destination")
    }
    let destination: JSONValue = [
      "id": .string(groupID), "group_id": .string(groupID), "service": .string(destinationService),
      "region": "GCP_EUROPE_WEST3", "time_zone_offset": "0", "setup_status": "connected",
      "daylight_saving_time_enabled": false, "networking_method": "Directly",
      "config": ["host": "127.0.0.1", "password": "******"],
    ]
    return parts.isEmpty ? page([destination], request) : success(destination)
  }

  /// Static facts of the connector types that the scenario has.
  func connectorTypes(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    let types = Set(connections.map(\.service)).sorted().map { service -> JSONValue in
      [
        "id": .string(service), "name": .string(service), "type": "Database",
        "description": "", "icons": [], "link_to_docs": "https://fivetran.com/docs",
        "connector_class": "standard",
        "supported_features": [["id": "DATA_BLOCKING"], ["id": "COLUMN_HASHING"]],
      ]
    }
    guard let service = parts.first else { return page(types, request) }
    guard let found = types.first(where: { $0["id"]?.string == service }) else {
      return failure(404, "NotFound_ConnectorType", "no such connector type")
    }
    return success(found)
  }

  /// The deprecated endpoint: for connections that the scenario gives it, 404 for all others.
  func metadata(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    if parts.first == "connector-types" {
      return connectorTypes(request, Array(parts.dropFirst()))
    }
    guard parts.count == 3, parts[0] == "connectors" || parts[0] == "connections",
      let index = index(of: parts[1]), connections[index].hasMetadata
    else { return failure(404, "NotFound", "no such path") }
    let tables = connections[index].tables.filter { $0.isEnabled && !$0.isDeleted }
    switch parts[2] {
    case "schemas":
      let names = Set(tables.map(\.schema)).sorted()
      return page(
        names.map { ["id": .string("s-\($0)"), "name_in_source": .null, "name_in_destination": .string($0)] },
        request)
    case "tables":
      return page(
        tables.map {
          [
            "id": .string("t-\($0.schema)-\($0.name)"), "parent_id": .string("s-\($0.schema)"),
            "name_in_source": .string($0.source), "name_in_destination": .string($0.name),
          ]
        }, request)
    case "columns":
      let items = tables.flatMap { table in
        table.columns.filter { $0.isEnabled && !$0.isDeleted }.map { column -> JSONValue in
          [
            "id": .string("c-\(table.name)-\(column.name)"),
            "parent_id": .string("t-\(table.schema)-\(table.name)"),
            "name_in_source": .string(column.source), "name_in_destination": .string(column.name),
            "type_in_source": .string(column.type),
            "type_in_destination": .string(column.landedType),
            "is_primary_key": .bool(column.isPrimaryKey), "is_foreign_key": false,
          ]
        }
      }
      return page(items, request)
    default: return failure(404, "NotFound", "no such path")
    }
  }

  /// What a test or a demo asks of the simulator itself.
  mutating func control(_ request: APIRequest) -> APIResponse {
    let body = (try? JSONValue.parse(request.body)) ?? .null
    switch (request.method, request.path) {
    case ("POST", "/simulator/advance"): return advance(to: body["to"]?.int)
    case ("POST", "/simulator/sync"):
      let chosen = body["connection"]?.string
      var answer = success()
      answer.syncs = connections.map(\.id).filter { chosen == nil || $0 == chosen }
      return answer
    case ("POST", "/simulator/faults"):
      guard let fault = fault(body) else {
        return failure(400, "InvalidInput", "kind is status, drop, truncate, delay or half")
      }
      faults.append(fault)
      return success()
    case ("GET", "/simulator/requests"):
      return success([
        "count": .number(String(requests.count)),
        "requests": .array(requests.map { .string($0) }),
      ])
    case ("DELETE", "/simulator/requests"):
      requests = []
      return success()
    default: return failure(404, "NotFound", "no such control")
    }
  }

  private mutating func advance(to target: Int?) -> APIResponse {
    let goal = target ?? stepsDone + 1
    var titles: [String] = []
    var synced: [String] = []
    while stepsDone < goal, let step = advance() {
      titles.append(step.title)
      if step.isSynced, !synced.contains(step.connection) { synced.append(step.connection) }
    }
    if titles.isEmpty { return failure(409, "Conflict", "there is no further step") }
    var answer = success([
      "step": .number(String(stepsDone)), "title": .string(titles.joined(separator: "; ")),
      "synced": .array(synced.map { .string($0) }),
    ])
    answer.syncs = synced
    return answer
  }

  private func fault(_ body: JSONValue) -> Fault? {
    let path = body["path"]?.string ?? ""
    let count = body["count"]?.int ?? 1
    let kind: Fault.Kind? =
      switch body["kind"]?.string {
      case "status": .status(body["status"]?.int ?? 500)
      case "drop": .dropConnection
      case "truncate": .truncate(bytes: body["bytes"]?.int ?? 10)
      case "delay": .delay(milliseconds: body["milliseconds"]?.int ?? 100)
      case "half": .halfListing
      default: nil
      }
    return kind.map { Fault(kind: $0, path: path, count: count) }
  }
}
