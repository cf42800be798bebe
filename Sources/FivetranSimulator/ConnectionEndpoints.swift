import DriftCore
import JSON

extension Account {
  mutating func connections(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    guard let id = parts.first else {
      var found = connections
      if let schema = request.query["schema"] { found = found.filter { $0.schema == schema } }
      if let group = request.query["group_id"], group != groupID { found = [] }
      return page(found.map { details($0, isListed: true) }, request)
    }
    guard let index = index(of: id) else {
      return failure(404, "NotFound_Connector", "Connector with id '\(id)' does not exist.")
    }
    switch (request.method, parts.dropFirst().first) {
    case ("GET", nil): return success(details(connections[index], isListed: false))
    case ("PATCH", nil): return modify(index, request)
    case ("POST", "sync"), ("POST", "force"):
      return sync(index)
    case ("POST", "resync"): return resync(index, request)
    case (_, "schemas"): return schemas(index, request, Array(parts.dropFirst(2)))
    case ("POST", "test"):
      return success(details(connections[index], isListed: false), message: "Setup tests were completed")
    default: return failure(405, "MethodNotAllowed", "not available on this path")
    }
  }

  func details(_ connection: Connection, isListed: Bool) -> JSONValue {
    let state =
      connection.isPaused ? "paused" : connection.isSyncAsked ? "syncing" : "scheduled"
    return [
      "id": .string(connection.id), "group_id": .string(groupID),
      "service": .string(connection.service), "service_version": 1,
      "schema": .string(connection.schema), "paused": .bool(connection.isPaused),
      "pause_after_trial": false, "connected_by": "concerning_batch",
      "created_at": "2025-11-01T00:00:00.000000Z",
      "succeeded_at": connection.succeededAt.map { .string($0.description) } ?? .null,
      "failed_at": connection.failedAt.map { .string($0.description) } ?? .null,
      "sync_frequency": 360, "schedule_type": "auto", "daily_sync_time": .null,
      "data_delay_sensitivity": "NORMAL", "data_delay_threshold": 0,
      "networking_method": "Directly",
      "status": [
        "setup_state": .string(connection.setupState), "schema_status": "ready",
        "sync_state": .string(state), "update_state": "on_schedule",
        "is_historical_sync": .bool(connection.isHistorical), "rescheduled_for": .null,
        "tasks": [], "warnings": [],
      ],
      "setup_tests": isListed ? .null : [], "source_sync_details": isListed ? .null : [:],
      "config": isListed ? .null : ["password": "******"],
    ]
  }

  private mutating func modify(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = try? JSONValue.parse(request.body), body.members != nil else {
      return failure(400, "InvalidInput", "the body is not a JSON object")
    }
    if let paused = body["paused"]?.bool { connections[index].isPaused = paused }
    return success(
      details(connections[index], isListed: false), message: "Connection has been updated")
  }

  private mutating func sync(_ index: Int) -> APIResponse {
    let id = connections[index].id
    if connections[index].isPaused {
      return failure(409, "Conflict", "the connection is paused")
    }
    connections[index].isSyncAsked = true
    return success(
      message: "Sync has been successfully triggered for connection with id '\(id)'")
  }

  private mutating func resync(_ index: Int, _ request: APIRequest) -> APIResponse {
    let body = (try? JSONValue.parse(request.body)) ?? .null
    if let scope = body["scope"], let members = scope.members {
      let isEmpty = members.isEmpty || members.contains { $0.value.array?.isEmpty ?? true }
      if isEmpty { return failure(400, "InvalidInput", "scope is empty") }
    }
    if connections[index].isSyncAsked {
      return failure(409, "Conflict", "a sync is in progress")
    }
    connections[index].isHistorical = true
    connections[index].isSyncAsked = true
    return success(message: "Re-sync has been triggered successfully")
  }
}
