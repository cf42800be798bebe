import DriftCore
import JSON

/// What a test or a demo asks of the simulator itself, under `/simulator`. No credentials, media types or limits.
///
/// | request | body | does |
/// | --- | --- | --- |
/// | `POST advance` | `{"to": 3}`, optional | the next step of the scenario, or all up to one; syncs what they say |
/// | `POST sync` | `{"connection": id}`, optional | ends the running sync, or begins and ends one; of all |
/// | `POST next-sync` | `{"connection", "outcome", "reason", "task"}` | how the next sync ends |
/// | `POST pace` | `{"looks": 2}` | how often a sync is seen running before it is seen finished |
/// | `POST clock` | `{"seconds": 3600}` | moves Fivetran's clock: quotas refill, calls are repeated, syncs go on |
/// | `POST limits` | `{"source_per_minute": 2}` | sets rate limits |
/// | `POST webhooks` | `{"signature": "upper", "copies": 2, "failed_first": true}` | how webhooks are called |
/// | `POST faults`, `DELETE faults` | a fault | adds one; removes all |
/// | `GET requests`, `DELETE requests` | | every request to the API; forgets them |
/// | `GET deliveries` | | every call of a webhook, with its outcome |
extension Account {
  /// All but `advance` and `sync`, which load the destination.
  mutating func control(_ request: APIRequest) -> APIResponse {
    let body = request.object ?? [:]
    switch (request.method, segments(of: request.path).dropFirst().joined(separator: "/")) {
    case ("POST", "next-sync"): return setOutcome(body)
    case ("POST", "pace"):
      guard let looks = body["looks"]?.int, looks >= 0 else { return invalid("looks should be 0 or more") }
      looksOfASync = looks
      return success()
    case ("POST", "clock"):
      guard let seconds = body["seconds"]?.int, seconds >= 0 else {
        return invalid("seconds should be 0 or more")
      }
      passTime(seconds: Int64(seconds))
      return success(["now": .string(now.description)])
    case ("POST", "limits"):
      return limits.set(body).map { invalid("no such limit, or no number: \($0)") } ?? success()
    case ("POST", "webhooks"):
      if let text = body["signature"]?.string { manners.isSignatureUpperCase = text == "upper" }
      if let copies = body["copies"]?.int { manners.copies = min(max(1, copies), 10) }
      if let failed = body["failed_first"]?.bool { manners.promotionFailsFirst = failed }
      return success()
    case ("POST", "faults"):
      guard let fault = Fault(body) else { return invalid("kind is status, drop, truncate, delay or half") }
      faults.append(fault)
      return success()
    case ("DELETE", "faults"):
      faults = []
      return success()
    case ("GET", "requests"):
      return success([
        "count": JSONValue(requests.count), "requests": .array(requests.map { .string($0) }),
      ])
    case ("DELETE", "requests"):
      requests = []
      return success()
    case ("GET", "deliveries"): return success(["deliveries": .array(deliveries.attempts.map(\.json))])
    default: return failure(404, "NotFound", "no such control")
    }
  }

  private mutating func setOutcome(_ body: JSONValue) -> APIResponse {
    guard let index = body["connection"]?.string.flatMap({ index(of: $0) }) else {
      return invalid("connection should be the id of one")
    }
    guard let outcome = SyncOutcome(body) else {
      return invalid("outcome is success, failure, failure_with_task or rescheduled")
    }
    connections[index].outcomes.append(outcome)
    return success()
  }
}

extension SyncOutcome {
  /// Nil where the body names none that there is.
  init?(_ body: JSONValue) {
    let reason = body["reason"]?.string ?? "made on request"
    switch body["outcome"]?.string {
    case "success": self = .success
    case "failure": self = .failure(reason: reason)
    case "failure_with_task":
      self = .failureWithTask(reason: reason, task: body["task"]?.string ?? "reconnect")
    case "rescheduled": self = .rescheduled
    default: return nil
    }
  }
}

extension Delivery {
  fileprivate var json: JSONValue {
    [
      "webhook": .string(webhook), "event": .string(event), "status": JSONValue(status ?? 0),
      "failures_before": JSONValue(failures),
    ]
  }
}
