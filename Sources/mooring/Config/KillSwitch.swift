import FoundationEssentials
import Glibc
import Synchronization

/// Ends the process without warning before its n-th durable act, where `MOORING_KILL_AT` says n: how tests show that
/// every such place survives. Not in release builds.
func killSwitch() -> @Sendable (String) async throws -> Void {
  #if DEBUG
    if let number = ProcessInfo.processInfo.environment["MOORING_KILL_AT"].flatMap({ Int($0) }) {
      let left = Counter(number)
      return { _ in
        if left.isSpent() { kill(getpid(), SIGKILL) }
      }
    }
  #endif
  return { _ in }
}

#if DEBUG
  private final class Counter: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isSpent() -> Bool {
      left.withLock { left in
        left -= 1
        return left == 0
      }
    }
  }
#endif
