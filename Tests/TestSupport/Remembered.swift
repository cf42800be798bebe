import DriftCore
import Synchronization

/// A cache in memory.
package final class Remembered: Cache {
  private let values = Mutex<[String: String]>([:])

  package init() {}

  package func value(for key: String) async throws -> String? { values.withLock { $0[key] } }
  package func set(_ value: String, for key: String) async throws { values.withLock { $0[key] = value } }

  /// All of it.
  package var text: String { values.withLock { "\($0)" } }
}
