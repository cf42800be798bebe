import Cryptography
package import DriftCore
import JSON
package import Transport

/// Posts notifications as signed JSON.
///
/// The header `X-Mooring-Signature-256` is `sha256=` and the hexadecimal HMAC-SHA256 of the raw body under the secret.
package struct WebhookNotifier: Notifier {
  private let url: Secret
  private let secret: Secret
  private let events: Set<String>
  private let transport: any HTTPTransport

  /// - Parameters:
  ///   - url: a secret as well, since tokens stand in the paths of many.
  ///   - events: names of events to send; empty is all.
  package init(url: Secret, secret: Secret, events: Set<String>, transport: any HTTPTransport) {
    self.url = url
    self.secret = secret
    self.events = events
    self.transport = transport
  }

  package func send(_ notification: Notification) async throws {
    if !events.isEmpty, !events.contains(notification.event.rawValue) { return }
    let body = Array(document(notification).canonicalText.utf8)
    let signature = hex(hmacSHA256(key: Array(secret.reveal().utf8), message: body))
    let request = HTTPRequest(
      method: "POST", url: url.reveal(),
      headers: [
        HTTPHeader("Content-Type", "application/json"),
        HTTPHeader("X-Mooring-Signature-256", "sha256=\(signature)"),
      ],
      body: body, timeout: .seconds(10), isRepeatable: true, maximumBodySize: 64 << 10)
    let status: Int
    do {
      status = try await transport.send(request).status
    } catch let error as TransportError {
      throw NotifierError(origin: request.origin, reason: error.code.text)
    }
    guard (200..<300).contains(status) else {
      throw NotifierError(origin: request.origin, reason: "it answered \(status)")
    }
  }

  private func document(_ notification: Notification) -> JSONValue {
    [
      "version": 1, "event": .string(notification.event.rawValue), "id": .string(notification.id),
      "connection": .string(notification.connection.text),
      "tables": .array(notification.tables.map { .string($0.description) }),
      "colour": notification.colour.map { .string($0.rawValue) } ?? .null,
      "title": .string(notification.title),
      "location": notification.location.map { .string($0) } ?? .null,
    ]
  }
}

/// A channel that did not take a notification. Names the host and nothing behind it, since tokens stand there.
package struct NotifierError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Scheme and host.
  package var origin: String
  package var reason: String

  package var description: String { "the webhook at \(origin): \(reason)" }
}
