import Synchronization

/// How many requests were sent. Repetitions inside the transport are not seen here.
final class RequestCount: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func increase() { count.wrappingAdd(1, ordering: .relaxed) }
}
