import Synchronization

/// Lets one write through at a time, `spacing` apart: forges count what creates content, GitHub 80 a minute.
final class Pace: Sendable {
  private let spacing: Duration
  private let elapsed: @Sendable () -> Duration
  private let pause: @Sendable (Duration) async throws -> Void
  private let state = Mutex(State())

  /// Both since the start.
  private struct State {
    var nextTurn = Duration.zero
    var end = Duration.zero
    var isShutOut = false
  }

  convenience init(_ clock: any Clock<Duration>, spacing: Duration) {
    self.init(on: clock, spacing: spacing)
  }

  private init(on clock: some Clock<Duration>, spacing: Duration) {
    self.spacing = spacing
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    pause = { try await clock.sleep(for: $0) }
  }

  /// Returns when it is this write's turn.
  func turn() async throws {
    let wait = state.withLock { state in
      let now = elapsed()
      let turn = max(now, state.nextTurn)
      state.nextTurn = turn + spacing
      return turn - now
    }
    if wait > .zero { try await pause(wait) }
  }

  /// Holds everything back for so long at least.
  func hold(for wait: Duration) {
    state.withLock { $0.end = max($0.end, elapsed() + wait) }
  }

  /// From now on nothing more is asked: whoever goes on with a token that was refused is locked out.
  func shutOut() { state.withLock { $0.isShutOut = true } }

  var isShutOut: Bool { state.withLock { $0.isShutOut } }

  /// How long everything is held back from now on.
  var held: Duration { state.withLock { max(.zero, $0.end - elapsed()) } }

  func sleep(for duration: Duration) async throws { try await pause(duration) }
}
