import Cryptography
package import DriftCore
import JSON

package struct Webhook: Sendable {
  package var id: String
  package var url: String
  package var events: [String]
  package var secret: String?
  package var isActive: Bool
  /// Nil for the whole account.
  package var group: String?
  /// Since when no call has arrived; nil after one has.
  package var failingSince: Timestamp?
}

/// How calls are made, where the sources about the real one differ or a receiver is to be tried.
package struct WebhookManners: Sendable {
  package var isSignatureUpperCase = false
  /// How often each call is made.
  package var copies = 1
  /// A sync that changes a column's type reports a failure before its success.
  package var promotionFailsFirst = false
}

extension Account {
  /// Puts a call in line for every active webhook that wants the event.
  mutating func emit(_ event: String, at index: Int, data: JSONValue? = nil) {
    let source = connections[index]
    var payload: [JSONMember] = [
      JSONMember("event", .string(event)), JSONMember("created", .string(milliseconds(now))),
      JSONMember("connector_type", .string(source.service)),
      JSONMember("connector_id", .string(source.id)),
      JSONMember("connector_name", .string(source.schema)),
    ]
    if let sync = source.sync { payload.append(JSONMember("sync_id", .string(sync.id))) }
    payload.append(JSONMember("destination_group_id", .string(groupID)))
    if let data { payload.append(JSONMember("data", data)) }
    for webhook in webhooks where webhook.isActive && webhook.events.contains(event) {
      if let group = webhook.group, group != groupID { continue }
      for _ in 0..<manners.copies {
        deliveries.add(delivery(to: webhook, event: event, .object(payload)))
      }
    }
  }

  /// The call that Fivetran makes when a webhook is created, activated or tested.
  func testDelivery(to webhook: Webhook, event: String) -> Delivery {
    delivery(
      to: webhook, event: event,
      [
        "event": .string(event), "created": .string(milliseconds(now)),
        "connector_type": "dummy", "connector_id": "_connection_1",
        "connector_name": "_connection_1", "destination_group_id": .string(groupID),
      ])
  }

  private func delivery(to webhook: Webhook, event: String, _ payload: JSONValue) -> Delivery {
    let body = Array(payload.text.utf8)
    let signature = webhook.secret.map { hex(hmacSHA256(key: Array($0.utf8), message: body)) }
    return Delivery(
      webhook: webhook.id, url: webhook.url, event: event, body: body,
      signature: manners.isSignatureUpperCase ? signature?.uppercased() : signature)
  }

  /// Notes how a call went. A webhook that fails for days is switched off.
  mutating func note(_ delivery: Delivery, status: Int) {
    deliveries.note(delivery, status: status, at: now)
    guard let index = webhooks.firstIndex(where: { $0.id == delivery.webhook }) else { return }
    if (200..<300).contains(status) {
      webhooks[index].failingSince = nil
    } else if let since = webhooks[index].failingSince {
      if since.adding(seconds: Deliveries.patience) <= now { webhooks[index].isActive = false }
    } else {
      webhooks[index].failingSince = now
    }
  }
}

extension SyncOutcome {
  func payload(rescheduledFor time: Timestamp?) -> JSONValue {
    switch self {
    case .success: ["status": "SUCCESSFUL"]
    case .failure(let reason): ["status": "FAILURE", "reason": .string(reason)]
    case .failureWithTask(let reason, let task):
      ["status": "FAILURE_WITH_TASK", "reason": .string(reason), "taskType": .string(task)]
    case .rescheduled:
      [
        "status": "RESCHEDULED", "reason": "the source asks for a pause",
        "rescheduledAt": time.map { .string($0.description) } ?? .null,
      ]
    }
  }
}

/// `2026-01-01T00:00:00.500Z`.
private func milliseconds(_ time: Timestamp) -> String {
  let text = time.description
  guard text.utf8.count == 27 else { return String(text.dropLast()) + ".000Z" }
  return String(text.dropLast(4)) + "Z"
}
