import DriftCore
import JSON

/// Syncs and re-syncs.
extension Account {
  mutating func sync(_ index: Int, _ request: APIRequest) -> APIResponse {
    if !request.body.isEmpty, request.object == nil { return noObject }
    if let refusal = refusalToSync(index) { return refusal }
    if connections[index].isPaused { return failure(409, "Conflict", "the connection is paused") }
    if request.object?["force"]?.bool == true {
      cancelSync(at: index, reason: "a forced sync was started")
    }
    beginSync(at: index)
    emit("force_update_connector", at: index)
    return success(
      message: "Sync has been successfully triggered for connection with id '\(connections[index].id)'")
  }

  mutating func resync(_ index: Int, _ request: APIRequest) -> APIResponse {
    if !request.body.isEmpty, request.object == nil { return noObject }
    var wanted = Resync.everything
    if let scope = request.object?["scope"], !scope.isNull {
      switch tables(in: scope, of: index) {
      case .failure(let refusal): return refusal.answer
      case .success(let tables): wanted = .tables(tables)
      }
    }
    if let refusal = begin(wanted, index) { return refusal }
    emit("resync_connector", at: index)
    return success(
      message: "Sync has been successfully triggered for connection with id '\(connections[index].id)'")
  }

  mutating func resyncTables(_ index: Int, _ request: APIRequest) -> APIResponse {
    guard let body = request.object else { return noObject }
    switch tables(in: body, of: index) {
    case .failure(let refusal): return refusal.answer
    case .success(let tables):
      if let refusal = begin(.tables(tables), index) { return refusal }
    }
    emit("resync_table", at: index)
    return success(message: "Re-sync has been triggered successfully")
  }

  private mutating func begin(_ resync: Resync, _ index: Int) -> APIResponse? {
    if let refusal = refusalToSync(index) { return refusal }
    if connections[index].sync != nil {
      return failure(409, "Conflict", "a sync of this connection is in progress")
    }
    askResync(resync, at: index)
    return nil
  }

  private func refusalToSync(_ index: Int) -> APIResponse? {
    if connections[index].setupState == "connected" { return nil }
    return invalid("the connection is \(connections[index].setupState); a person has to see to it first")
  }

  private struct Refusal: Error { var answer: APIResponse }

  private func tables(in scope: JSONValue, of index: Int) -> Result<Set<SourcePath>, Refusal> {
    guard let schemas = scope.members, !schemas.isEmpty else {
      return .failure(Refusal(answer: invalid("scope is empty")))
    }
    if !connections[index].traits.resyncsTables {
      return .failure(Refusal(answer: invalid("tables of this connection cannot be re-synced alone")))
    }
    var paths: Set<SourcePath> = []
    for schema in schemas {
      let names = (schema.value.array ?? []).compactMap(\.string)
      if names.isEmpty || names.count != schema.value.array?.count {
        return .failure(Refusal(answer: invalid("schema '\(schema.name)' names no tables")))
      }
      for name in names {
        let path = SourcePath(schema: SourceName(schema.name), table: SourceName(name))
        guard connections[index].config.position(of: path.schema, path.table) != nil else {
          return .failure(Refusal(answer: noTable(name)))
        }
        paths.insert(path)
      }
    }
    return .success(paths)
  }
}

func noTable(_ name: String) -> APIResponse {
  failure(404, "NotFound_Table", "no table '\(name)'; names are case-sensitive")
}
