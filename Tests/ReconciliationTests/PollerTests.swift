import Reconciliation
import Synchronization
import Testing

struct PollerTests {
  /// Rounds start an interval apart; one that took longer is followed by one round, not by those that were missed.
  @Test func aLongRoundIsFollowedByOneRound() async throws {
    let clock = HandClock()
    let starts = Mutex<[Duration]>([])
    let work: [Duration] = [.seconds(1), .seconds(25), .seconds(1), .seconds(1)]
    let poller = Poller(interval: .seconds(10), clock: clock) {
      let round = starts.withLock { starts in
        starts.append(clock.now.offset)
        return starts.count
      }
      if round > work.count { throw CancellationError() }
      clock.advance(by: work[round - 1])
    }
    await #expect(throws: CancellationError.self) { try await poller.poll() }
    let expected: [Duration] = [.seconds(0), .seconds(10), .seconds(35), .seconds(45), .seconds(55)]
    #expect(starts.withLock { $0 } == expected)
  }
}

/// A clock whose sleepers wake at once, at the time that they wanted.
private final class HandClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let time = Mutex(Instant(offset: .zero))

  var now: Instant { time.withLock { $0 } }
  var minimumResolution: Duration { .zero }

  func advance(by duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    time.withLock { $0 = max($0, deadline) }
  }
}
