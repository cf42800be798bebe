import DriftCore
import JSON

/// A call that must be taken before what was asked for is done.
package struct WebhookTrial: Sendable {
  enum Purpose: Sendable {
    /// Stores the webhook, new or changed, and answers with it.
    case store(Webhook, message: String)
    /// Tells how the call went.
    case test
  }

  var delivery: Delivery
  var purpose: Purpose
}

extension Account {
  mutating func webhooks(_ request: APIRequest, _ parts: [String]) -> APIResponse {
    switch (request.method, parts.count) {
    case ("GET", 0): return page(webhooks.map(\.json), request)
    case ("POST", 1) where parts[0] == "account": return create(request, group: nil)
    case ("POST", 2) where parts[0] == "group":
      if parts[1] == groupID { return create(request, group: parts[1]) }
      return failure(404, "NotFound_Group", "Group with id '\(parts[1])' does not exist.")
    case (_, 1), (_, 2):
      guard let index = webhooks.firstIndex(where: { $0.id == parts[0] }) else {
        return failure(404, "NotFound_Webhook", "Webhook with id '\(parts[0])' does not exist.")
      }
      return existing(index, request, Array(parts.dropFirst()))
    case (_, 0): return notAllowed
    default: return noSuchPath
    }
  }

  /// What becomes of a request whose call came back with `status`; 0 where nobody answered.
  mutating func conclude(_ trial: WebhookTrial, status: Int, problem: String) -> APIResponse {
    let isTaken = (200..<300).contains(status)
    switch trial.purpose {
    case .test:
      return counted(
        success(
          [
            "succeed": .bool(isTaken), "status": JSONValue(status),
            "message": .string(isTaken ? "Success" : problem),
          ], message: isTaken ? "Webhook test completed successfully" : "Webhook test failed"))
    case .store(let webhook, let message):
      if !isTaken { return counted(invalid("Failed to call webhook endpoint: '\(problem)'")) }
      return counted(store(webhook, message: message))
    }
  }

  private mutating func store(_ webhook: Webhook, message: String) -> APIResponse {
    if let index = webhooks.firstIndex(where: { $0.id == webhook.id }) {
      webhooks[index] = webhook
    } else {
      webhooks.append(webhook)
    }
    return success(webhook.json, message: message)
  }

  private mutating func create(_ request: APIRequest, group: String?) -> APIResponse {
    guard let body = request.object, body["url"] != nil, body["events"] != nil else {
      return invalid("url and events are needed")
    }
    var webhook = Webhook(
      id: "webhook_\(webhooksMade + 1)", url: "", events: [], isActive: true, group: group)
    if let refusal = webhook.take(body) { return refusal }
    webhooksMade += 1
    let kind = group == nil ? "Account" : "Group"
    return settle(webhook, message: "\(kind) webhook has been created", isCalled: webhook.isActive)
  }

  private mutating func existing(_ index: Int, _ request: APIRequest, _ rest: [String]) -> APIResponse {
    switch (request.method, rest) {
    case ("GET", []): return success(webhooks[index].json)
    case ("PATCH", []):
      guard let body = request.object else { return noObject }
      var webhook = webhooks[index]
      if let refusal = webhook.take(body) { return refusal }
      let isActivated = webhook.isActive && !webhooks[index].isActive
      if isActivated { webhook.failingSince = nil }
      return settle(
        webhook, message: "Webhook has been updated",
        isCalled: isActivated || body["run_tests"]?.bool == true)
    case ("DELETE", []):
      let id = webhooks.remove(at: index).id
      deliveries.forget(id)
      return success(message: "Webhook with id '\(id)' has been deleted")
    case ("POST", ["test"]):
      guard let event = request.object?["event"]?.string else { return invalid("event is needed") }
      var answer = success()
      answer.trial = WebhookTrial(
        delivery: testDelivery(to: webhooks[index], event: event), purpose: .test)
      return answer
    case (_, []), (_, ["test"]): return notAllowed
    default: return noSuchPath
    }
  }

  private mutating func settle(_ webhook: Webhook, message: String, isCalled: Bool) -> APIResponse {
    if !isCalled { return store(webhook, message: message) }
    var answer = success()
    answer.trial = WebhookTrial(
      delivery: testDelivery(to: webhook, event: webhook.events.first ?? "sync_end"),
      purpose: .store(webhook, message: message))
    return answer
  }
}

extension Webhook {
  /// Takes the settings that a body names; returns a refusal where one of them is none.
  fileprivate mutating func take(_ body: JSONValue) -> APIResponse? {
    if let value = body["url"] {
      // The real one takes https only; loopback is for tests.
      guard let url = value.string, url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1:") else {
        return invalid("url must be https")
      }
      self.url = url
    }
    if let value = body["events"] {
      let events = (value.array ?? []).compactMap(\.string)
      if events.isEmpty || events.count != value.array?.count { return invalid("events should be names") }
      self.events = events
    }
    if let value = body["active"] {
      guard let isActive = value.bool else { return invalid("active is no boolean") }
      self.isActive = isActive
    }
    if let value = body["secret"] { secret = value.string.flatMap { $0.isEmpty ? nil : $0 } }
    return nil
  }

  fileprivate var json: JSONValue {
    var members: [JSONMember] = [
      JSONMember("id", .string(id)), JSONMember("type", group == nil ? "account" : "group"),
      JSONMember("url", .string(url)), JSONMember("events", .array(events.map { .string($0) })),
      JSONMember("active", .bool(isActive)), JSONMember("secret", "******"),
      JSONMember("created_at", "2026-01-01T00:00:00.000Z"),
      JSONMember("created_by", "concerning_batch"),
    ]
    if let group { members.append(JSONMember("group_id", .string(group))) }
    return .object(members)
  }
}
