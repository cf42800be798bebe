import JSON

extension Account {
  /// Answers one request where there is no destination and every webhook call is taken: a pure function of the account
  /// and the request.
  package mutating func respond(to request: APIRequest, credentials: Credentials? = nil) -> APIResponse {
    switch admit(request, credentials) {
    case .refused(let answer): return answer
    case .admitted(let fault):
      for id in syncsEnding(with: request) { try? completeSync(id) }
      let answer = answer(request, fault: fault)
      return answer.trial.map { conclude($0, status: 200, problem: "") } ?? answer
    }
  }

  /// Answers what was let in, and notes who has been looked at.
  mutating func answer(_ request: APIRequest, fault: Fault.Kind?) -> APIResponse {
    var answer: APIResponse
    if case .halfListing = fault {
      answer = half(request)
    } else {
      answer = route(request)
      answer.fault = fault
    }
    for index in connectionsShown(by: request) { connections[index].sync?.looksLeft -= 1 }
    return counted(answer)
  }

  /// Running syncs that this look finds finished.
  func syncsEnding(with request: APIRequest) -> [String] {
    connectionsShown(by: request).filter { (connections[$0].sync?.looksLeft ?? 1) <= 0 }
      .map { connections[$0].id }
  }

  mutating func route(_ request: APIRequest) -> APIResponse {
    guard let parts = request.resource, let kind = parts.first else { return noSuchPath }
    let rest = Array(parts.dropFirst())
    switch kind {
    case "account": return accountInfo(request, rest)
    case "groups": return groups(request, rest)
    case "destinations": return destinations(request, rest)
    case "webhooks": return webhooks(request, rest)
    case "metadata": return metadata(request, rest)
    case "connections": return connections(request, rest)
    default: return noSuchPath
    }
  }

  /// Half of a listing, and nothing in it that says so.
  private mutating func half(_ request: APIRequest) -> APIResponse {
    let parts = request.resource ?? []
    if parts.count == 3, parts[0] == "connections", parts[2] == "schemas", let index = index(of: parts[1]) {
      connections[index].halfListings += 1
      return route(request)
    }
    var answer = route(request)
    guard let whole = try? JSONValue.parse(answer.body), let items = whole["data"]?["items"]?.array
    else { return answer }
    answer.body = success(["items": .array(Array(items.prefix(items.count / 2)))]).body
    return answer
  }
}
