import DriftCore

/// One call of a webhook.
package struct Delivery: Sendable {
  package var webhook: String
  package var url: String
  package var event: String
  package var body: [UInt8]
  /// Hexadecimal HMAC-SHA256 of the body; nil where the webhook has no secret.
  package var signature: String?
  /// Attempts that have failed.
  package var failures = 0
  /// Of the last attempt; nil while there was none, 0 where nobody answered.
  package var status: Int?
}

/// Calls to make, calls to repeat, and calls made.
package struct Deliveries: Sendable {
  /// Waits after each failed attempt, in seconds: 6 min, 27 min, 1 h 45, 6 h 25, 23 h 13.
  static let waits: [Int64] = [360, 1_620, 6_300, 23_100, 83_580]
  /// A webhook that fails for so long is switched off.
  static let patience: Int64 = 3 * 86_400
  static let keptAttempts = 1_000

  private var due: [Delivery] = []
  private var later: [(time: Timestamp, delivery: Delivery)] = []
  /// Every attempt with its outcome, oldest first.
  package private(set) var attempts: [Delivery] = []

  mutating func add(_ delivery: Delivery) { due.append(delivery) }

  /// Takes what is to be sent now.
  mutating func take(at now: Timestamp) -> [Delivery] {
    let repeated = later.filter { $0.time <= now }.map(\.delivery)
    later.removeAll { $0.time <= now }
    defer { due = [] }
    return due + repeated
  }

  /// Notes an attempt; one that failed is repeated later, until the waits are used up.
  mutating func note(_ delivery: Delivery, status: Int, at now: Timestamp) {
    var delivery = delivery
    delivery.status = status
    attempts.append(delivery)
    if attempts.count > Self.keptAttempts { attempts.removeFirst() }
    if (200..<300).contains(status) || delivery.failures >= Self.waits.count { return }
    let wait = Self.waits[delivery.failures]
    delivery.failures += 1
    later.append((now.adding(seconds: wait), delivery))
  }

  mutating func forget(_ webhook: String) {
    due.removeAll { $0.webhook == webhook }
    later.removeAll { $0.delivery.webhook == webhook }
  }
}
