import Synchronization

/// What a callback was given, in order.
package final class Collected<Value: Sendable>: Sendable {
  private let state = Mutex<[Value]>([])

  package init() {}

  package var values: [Value] { state.withLock { $0 } }
  package func append(_ value: Value) { state.withLock { $0.append(value) } }
}
