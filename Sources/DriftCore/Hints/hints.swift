import Cryptography
import JSON

/// What becomes of a call.
package enum HookAnswer: Hashable, Sendable {
  /// Worth a look; to be answered at once, and looked at later.
  case hints([Hint])
  /// Proven, and nothing to do, in words for the log.
  case ignored(String)
  /// The HTTP status to answer with, and the reason for the log alone. It holds nothing that the caller sent.
  case refused(status: Int, String)
}

/// Reads a call. It is proven before anything of its body is read, and remembered only then.
///
/// - Parameters:
///   - secrets: by the hook's id; several while one replaces the other. Without one, nothing is believed.
///   - memory: of the calls that were taken.
package func hints(
  from request: HookRequest, hooks: [Hook], secrets: [String: [Secret]], watched: Watched, now: Timestamp,
  memory: inout DeliveryMemory
) -> HookAnswer {
  guard let hook = hooks.first(where: { request.path == "/hooks/\($0.id)" }) else {
    return .refused(status: 404, "no such hook")
  }
  guard request.method == "POST" else { return .refused(status: 405, "\(hook.id): not a POST") }
  let secrets = (secrets[hook.id] ?? []).filter { !$0.reveal().isEmpty }
  if secrets.isEmpty { return .refused(status: 404, "\(hook.id): no secret is configured, so nothing can be proven") }
  guard request.body.count <= hook.largestBody else {
    return .refused(status: 413, "\(hook.id): the body is larger than \(hook.largestBody) bytes")
  }
  guard let proof = hook.proofs.first(where: { !request.values(of: $0.header).isEmpty }) else {
    return .refused(status: 401, "\(hook.id): there is no \(hook.proofs.map(\.header).joined(separator: " or "))")
  }
  guard proof.holds(for: request, under: secrets, now: now) else {
    return .refused(status: 401, "\(hook.id): \(proof.header) does not hold under any of \(secrets.count) secrets")
  }
  guard isJSON(request) else { return .refused(status: 415, "\(hook.id): the content type is not application/json") }
  guard let body = try? JSONValue.parse(request.body), body.members != nil else {
    return .refused(status: 400, "\(hook.id): the body is no JSON object that can be read")
  }
  return hints(in: body, of: request, hook: hook, watched: watched, now: now, memory: &memory)
}

/// How long a sender may try: Fivetran does for a day.
private let oldest: Int64 = 2 * 86_400

private func hints(
  in body: JSONValue, of request: HookRequest, hook: Hook, watched: Watched, now: Timestamp,
  memory: inout DeliveryMemory
) -> HookAnswer {
  guard let reading = hook.read(request, body) else { return .ignored("\(hook.id): an event that is not worth a look") }
  if let repository = reading.repository, repository.lowercased() != watched.repository.lowercased() {
    return .ignored("\(hook.id): another repository")
  }
  if let at = reading.at, at.adding(seconds: oldest) < now { return .ignored("\(hook.id): it happened long ago") }
  // The header is not proven: who replays a call with another one is found out by the body.
  let header = hook.deliveryHeaders.lazy.compactMap { request[$0] }.first
  let names = [header, reading.key].compactMap { $0 } + ["body:" + hex(sha256(request.body))]
  let isNew = memory.insert(names.map { "\(hook.id):" + hex(sha256(Array($0.utf8))) })
  if !isNew { return .ignored("\(hook.id): it was delivered before") }
  let known = reading.hints.filter(watched.contains)
  return known.isEmpty ? .ignored("\(hook.id): nothing of ours") : .hints(known)
}

private func isJSON(_ request: HookRequest) -> Bool {
  guard let type = request["content-type"] else { return false }
  return type.split(separator: ";").first?.lowercased().filter { $0 != " " } == "application/json"
}
