import JSON

/// The account, its group, its destination.
extension Account {
  func accountInfo(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    if parts != ["info"] { return noSuchPath }
    if request.method != "GET" { return notAllowed }
    return success(["account_id": "simulated", "account_name": "Simulator", "user_id": "concerning_batch"])
  }

  func groups(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    let group: JSONValue = [
      "id": .string(groupID), "name": "warehouse", "created_at": "2025-10-01T00:00:00.000000Z",
    ]
    if request.method != "GET" { return notAllowed }
    guard let id = parts.first else { return page([group], request) }
    guard id == groupID else {
      return failure(404, "NotFound_Group", "Group with id '\(id)' does not exist.")
    }
    switch Array(parts.dropFirst()) {
    case []: return success(group)
    case ["connections"]: return listConnections(request)
    default: return noSuchPath
    }
  }

  func destinations(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    if request.method != "GET" { return notAllowed }
    if parts.count > 1 { return noSuchPath }
    if let id = parts.first, id != groupID {
      return failure(404, "NotFound_Destination", "Destination with id '\(id)' does not exist.")
    }
    let destination: JSONValue = [
      "id": .string(groupID), "group_id": .string(groupID), "service": .string(destinationService),
      "region": "GCP_EUROPE_WEST3", "time_zone_offset": "0", "setup_status": "connected",
      "daylight_saving_time_enabled": false, "networking_method": "Directly",
      "config": ["host": "127.0.0.1", "password": "******"],
    ]
    return parts.isEmpty ? page([destination], request) : success(destination)
  }
}
