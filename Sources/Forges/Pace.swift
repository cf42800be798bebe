import Synchronization

/// Lets one write a second through: forges count what creates content, and refuse more than about one a second.
final class Pace: Sendable {
  static let spacing = Duration.seconds(1)

  private let elapsed: @Sendable () -> Duration
  private let pause: @Sendable (Duration) async throws -> Void
  private let next = Mutex(Duration.zero)

  init(_ clock: some Clock<Duration>) {
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    pause = { try await clock.sleep(for: $0) }
  }

  /// Returns when it is this write's turn.
  func turn() async throws {
    let wait = next.withLock { next in
      let now = elapsed()
      let turn = max(now, next)
      next = turn + Self.spacing
      return turn - now
    }
    if wait > .zero { try await pause(wait) }
  }

  func sleep(for duration: Duration) async throws { try await pause(duration) }
}
