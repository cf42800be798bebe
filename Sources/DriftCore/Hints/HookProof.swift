import Cryptography

/// How a call shows that it comes from who knows a secret.
package enum HookProof: Hashable, Sendable {
  /// The hexadecimal HMAC-SHA256 of the raw body, in either case, behind a prefix.
  case hmac(header: String, prefix: String)
  /// The secret itself.
  case token(header: String)
  /// The form of standardwebhooks.com: HMAC-SHA256 in base64 over id, time and body, under a secret that begins with
  /// `whsec_`. Calls that are more than five minutes off are refused.
  case standardWebhook

  package var header: String {
    switch self {
    case .hmac(let header, _), .token(let header): header
    case .standardWebhook: "webhook-signature"
    }
  }

  /// Whether it holds under one of the secrets. All of them are tried, so the time does not say which one did.
  func holds(for request: HookRequest, under secrets: [Secret], now: Timestamp) -> Bool {
    var holds = false
    for secret in secrets where !secret.reveal().isEmpty {
      if self.holds(for: request, under: secret, now: now) { holds = true }
    }
    return holds
  }

  private func holds(for request: HookRequest, under secret: Secret, now: Timestamp) -> Bool {
    let key = Array(secret.reveal().utf8)
    guard let value = request[header] else { return false }
    switch self {
    case .hmac(_, let prefix):
      guard value.hasPrefix(prefix), let code = bytes(hex: String(value.dropFirst(prefix.count))) else { return false }
      return constantTimeEqual(code, hmacSHA256(key: key, message: request.body))
    case .token:
      // Digests have one length: how long the secret is stays untold.
      return constantTimeEqual(sha256(Array(value.utf8)), sha256(key))
    case .standardWebhook:
      return isStandard(value, of: request, secret: secret.reveal(), now: now)
    }
  }

  private func isStandard(_ value: String, of request: HookRequest, secret: String, now: Timestamp) -> Bool {
    let prefix = "whsec_"
    let tolerance: Int64 = 300
    guard secret.hasPrefix(prefix), let key = bytes(base64: String(secret.dropFirst(prefix.count))), !key.isEmpty,
      let id = request["webhook-id"], let time = request["webhook-timestamp"], let seconds = Int64(time),
      seconds > now.seconds - tolerance, seconds < now.seconds + tolerance
    else { return false }
    let code = hmacSHA256(key: key, message: Array("\(id).\(time).".utf8) + request.body)
    var holds = false
    for part in value.split(separator: " ").prefix(8) where part.hasPrefix("v1,") {
      if let given = bytes(base64: String(part.dropFirst(3))), constantTimeEqual(given, code) { holds = true }
    }
    return holds
  }
}
