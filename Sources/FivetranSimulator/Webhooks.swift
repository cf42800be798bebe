import Cryptography
import DriftCore
import FoundationEssentials
import JSON

/// One webhook call to make.
package struct Delivery: Sendable {
  package var webhook: String
  package var url: String
  package var body: [UInt8]
  /// Lower-case hexadecimal HMAC-SHA256 of the body; nil where the webhook has no secret.
  package var signature: String?
}

extension Account {
  /// `sync_end` for every active webhook that wants it.
  func deliveries(of connection: String) -> [Delivery] {
    guard let index = index(of: connection) else { return [] }
    let source = connections[index]
    return webhooks.filter { $0.isActive && $0.events.contains("sync_end") }.map { webhook in
      delivery(
        to: webhook,
        [
          "event": "sync_end", "created": .string(source.succeededAt?.description ?? ""),
          "connector_type": .string(source.service), "connector_id": .string(source.id),
          "connector_name": .string(source.schema),
          "sync_id": .string("sync-\(source.id)-\(source.rowsLoaded)"),
          "destination_group_id": .string(groupID), "data": ["status": "SUCCESSFUL"],
        ])
    }
  }

  /// The call that Fivetran makes when a webhook is created or tested.
  func testDelivery(to webhook: Webhook, event: String) -> Delivery {
    delivery(
      to: webhook,
      [
        "event": .string(event), "created": .string(now.description),
        "connector_type": "dummy", "connector_id": "_connection_1",
        "connector_name": "_connection_1", "destination_group_id": .string(groupID),
      ])
  }

  private func delivery(to webhook: Webhook, _ payload: JSONValue) -> Delivery {
    let body = Array(payload.text.utf8)
    return Delivery(
      webhook: webhook.id, url: webhook.url, body: body,
      signature: webhook.secret.map { hex(hmacSHA256(key: Array($0.utf8), message: body)) })
  }

  mutating func webhooks(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    switch (request.method, parts.count) {
    case ("GET", 0): return page(webhooks.map(json), request)
    case ("POST", 1) where parts[0] == "account": return create(request, group: nil)
    case ("POST", 2) where parts[0] == "group": return create(request, group: parts[1])
    case (_, 1...2):
      guard let index = webhooks.firstIndex(where: { $0.id == parts[0] }) else {
        return failure(404, "NotFound_Webhook", "Webhook with id '\(parts[0])' does not exist.")
      }
      return existing(index, request, Array(parts.dropFirst()))
    default: return failure(405, "MethodNotAllowed", "not available on this path")
    }
  }

  private mutating func create(_ request: APIRequest, group: String?) -> APIResponse {
    guard let body = try? JSONValue.parse(request.body), let url = body["url"]?.string,
      let events = body["events"]?.array?.compactMap(\.string)
    else { return failure(400, "InvalidInput", "url and events are needed") }
    // The real one takes https only; loopback is for tests.
    guard url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1:") else {
      return failure(400, "InvalidInput", "url must be https")
    }
    let webhook = Webhook(
      id: "webhook_\(webhooks.count + 1)", url: url, events: events,
      secret: body["secret"]?.string, isActive: body["active"]?.bool ?? true, group: group)
    webhooks.append(webhook)
    let kind = group == nil ? "Account" : "Group"
    var answer = success(json(webhook), message: "\(kind) webhook has been created")
    if webhook.isActive { answer.test = testDelivery(to: webhook, event: "sync_end") }
    return answer
  }

  private mutating func existing(
    _ index: Int, _ request: APIRequest, _ rest: [String]
  ) -> APIResponse {
    let body = (try? JSONValue.parse(request.body)) ?? .null
    switch (request.method, rest.first) {
    case ("GET", nil): return success(json(webhooks[index]))
    case ("PATCH", nil):
      if let url = body["url"]?.string { webhooks[index].url = url }
      if let events = body["events"]?.array { webhooks[index].events = events.compactMap(\.string) }
      if let active = body["active"]?.bool { webhooks[index].isActive = active }
      if let secret = body["secret"]?.string { webhooks[index].secret = secret }
      return success(json(webhooks[index]), message: "Webhook has been updated")
    case ("DELETE", nil):
      let id = webhooks.remove(at: index).id
      return success(message: "Webhook with id '\(id)' has been deleted")
    case ("POST", "test"):
      return success(
        ["succeed": true, "status": 200, "message": "Success"],
        message: "Webhook test completed successfully")
    default: return failure(405, "MethodNotAllowed", "not available on this path")
    }
  }

  private func json(_ webhook: Webhook) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("id", .string(webhook.id)),
      JSONMember("type", webhook.group == nil ? "account" : "group"),
      JSONMember("url", .string(webhook.url)),
      JSONMember("events", .array(webhook.events.map { .string($0) })),
      JSONMember("active", .bool(webhook.isActive)),
      JSONMember("created_at", "2026-01-01T00:00:00.000Z"),
      JSONMember("created_by", "concerning_batch"),
    ]
    if webhook.secret != nil { members.append(JSONMember("secret", "******")) }
    if let group = webhook.group { members.append(JSONMember("group_id", .string(group))) }
    return .object(members)
  }
}
