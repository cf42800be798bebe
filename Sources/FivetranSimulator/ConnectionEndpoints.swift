import DriftCore
import JSON

/// Lists, details and settings of connections.
extension Account {
  mutating func connections(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    guard let id = parts.first else {
      return request.method == "GET" ? listConnections(request) : notAllowed
    }
    guard let index = index(of: id) else {
      return failure(404, "NotFound_Connector", "Connector with id '\(id)' does not exist.")
    }
    let rest = Array(parts.dropFirst())
    switch (request.method, rest) {
    case ("GET", []): return success(details(connections[index], isListed: false))
    case ("PATCH", []): return modify(index, request)
    case ("POST", ["sync"]), ("POST", ["force"]): return sync(index, request)
    case ("POST", ["resync"]): return resync(index, request)
    case ("POST", ["test"]): return test(index, request)
    case (_, _) where rest.first == "schemas": return schemas(index, request, Array(rest.dropFirst()))
    case (_, []), (_, ["sync"]), (_, ["force"]), (_, ["resync"]), (_, ["test"]): return notAllowed
    default: return noSuchPath
    }
  }

  func listConnections(_ request: APIRequest) -> APIResponse {
    page(listed(by: request).map { details(connections[$0], isListed: true) }, request)
  }

  /// Connections whose status the answer tells.
  func connectionsShown(by request: APIRequest) -> [Int] {
    guard request.method == "GET", let parts = request.resource else { return [] }
    switch parts.count {
    case 2 where parts[0] == "connections": return index(of: parts[1]).map { [$0] } ?? []
    case 1 where parts[0] == "connections", 3 where parts[0] == "groups" && parts[2] == "connections":
      let found = listed(by: request)
      return Page(of: found.count, request).map { Array(found[$0.range]) } ?? []
    default: return []
    }
  }

  private func listed(by request: APIRequest) -> [Int] {
    if let group = request.query["group_id"], group != groupID { return [] }
    guard let schema = request.query["schema"] else { return Array(connections.indices) }
    return connections.indices.filter { connections[$0].schema == schema }
  }

  func details(_ connection: Connection, isListed: Bool, tests: JSONValue = .null) -> JSONValue {
    let tasks: JSONValue =
      connection.setupState == "connected" ? [] : [["code": "reconnect", "message": "Reconnect"]]
    return [
      "id": .string(connection.id), "group_id": .string(groupID),
      "service": .string(connection.service), "service_version": 1,
      "schema": .string(connection.schema), "paused": .bool(connection.isPaused),
      "pause_after_trial": .bool(connection.pausesAfterTrial), "connected_by": "concerning_batch",
      "created_at": "2025-11-01T00:00:00.000000Z",
      "succeeded_at": time(connection.succeededAt), "failed_at": time(connection.failedAt),
      "sync_frequency": JSONValue(connection.syncFrequency),
      "schedule_type": .string(connection.scheduleType),
      "daily_sync_time": connection.dailySyncTime.map { .string($0) } ?? .null,
      "data_delay_sensitivity": "NORMAL", "data_delay_threshold": 0,
      "networking_method": "Directly",
      "status": [
        "setup_state": .string(connection.setupState), "schema_status": "ready",
        "sync_state": .string(connection.state), "update_state": "on_schedule",
        "is_historical_sync": .bool(connection.resync != nil || connection.syncsDone == 0),
        "rescheduled_for": connection.state == "rescheduled" ? time(connection.rescheduledFor) : .null,
        "tasks": tasks, "warnings": [],
      ],
      "setup_tests": tests, "source_sync_details": isListed ? .null : [:],
      "config": isListed ? .null : ["password": "******"],
    ]
  }

  private func time(_ time: Timestamp?) -> JSONValue { time.map { .string($0.description) } ?? .null }

  private func setupTests(_ connection: Connection) -> JSONValue {
    let isConnected = connection.setupState == "connected"
    return [
      [
        "title": "Connecting to Host", "status": isConnected ? "PASSED" : "FAILED",
        "message": isConnected ? "" : "The host does not answer",
      ],
      ["title": "Validating Login", "status": isConnected ? "PASSED" : "SKIPPED", "message": ""],
    ]
  }

  private mutating func test(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard request.object != nil else { return noObject }
    emit(connections[index].setupState == "connected" ? "connection_successful" : "connection_failure", at: index)
    return success(
      details(connections[index], isListed: false, tests: setupTests(connections[index])),
      message: "Setup tests were completed")
  }

  private mutating func modify(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = request.object else { return noObject }
    let controls = ["run_setup_tests", "trust_certificates", "trust_fingerprints"]
    if (body.members ?? []).allSatisfy({ controls.contains($0.name) }) {
      return invalid("nothing to modify: test controls may not stand alone")
    }
    var edited = connections[index]
    if let refusal = edited.modify(body) { return refusal }
    let wasPaused = connections[index].isPaused
    connections[index] = edited
    switch (wasPaused, edited.isPaused) {
    case (false, true):
      cancelSync(at: index, reason: "the connection was paused")
      emit("pause_connector", at: index)
    case (true, false):
      emit("resume_connector", at: index)
      if edited.resync != nil { beginSync(at: index) }
    default: emit("edit_connector", at: index)
    }
    if body["is_historical_sync"]?.bool == true {
      cancelSync(at: index, reason: "a historical sync was started")
      askResync(.everything, at: index)
    }
    let runsTests = body["run_setup_tests"]?.bool ?? true
    return success(
      details(
        connections[index], isListed: false,
        tests: runsTests ? setupTests(connections[index]) : .null),
      message: "Connection has been updated")
  }
}

private let syncFrequencies = [1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1_440]

extension Account.Connection {
  /// Takes the settings that a body names; returns a refusal where one of them is none.
  fileprivate mutating func modify(_ body: JSONValue) -> APIResponse? {
    for member in body.members ?? [] {
      switch member.name {
      case "paused":
        guard let value = member.value.bool else { return invalid("paused is no boolean") }
        isPaused = value
      case "pause_after_trial":
        guard let value = member.value.bool else { return invalid("pause_after_trial is no boolean") }
        pausesAfterTrial = value
      case "is_historical_sync":
        if member.value.bool == nil { return invalid("is_historical_sync is no boolean") }
      case "sync_frequency":
        // Old clients send it as text.
        let value = member.value.int ?? member.value.string.flatMap { Int($0) }
        guard let value, syncFrequencies.contains(value) else { return invalid("no such sync_frequency") }
        syncFrequency = value
      case "schedule_type":
        guard let value = member.value.string, ["auto", "manual"].contains(value) else {
          return invalid("schedule_type is auto or manual")
        }
        scheduleType = value
      case "daily_sync_time":
        guard let value = member.value.string, value.utf8.count == 5 else {
          return invalid("daily_sync_time should read HH:MM")
        }
        dailySyncTime = value
      default: break
      }
    }
    return nil
  }
}
