import DriftCore
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

  /// `run --wait`: as long as something waits, and no longer than was said.
  @Test(arguments: [(0, 0, 1), (0, 3, 1), (60, 0, 1), (60, 1, 2), (60, 2, 3), (60, 9, 3), (89, 9, 3)])
  func whatWaitsIsLookedAtAgainUntilTheTimeIsOver(seconds: Int, waits: Int, runs: Int) async throws {
    let clock = HandClock()
    var count = 0
    let report = try await waitOut(.seconds(seconds), every: .seconds(30), clock: clock) {
      count += 1
      let table = TableName(schema: "s", name: "t")
      let outcome = count > waits ? AppliedChange.Outcome.applied : .waiting("a sync is running")
      var report = RunReport()
      report.applied = [AppliedChange(connection: "c", table: table, change: "0001-a", outcome: outcome)]
      return report
    }
    #expect(count == runs)
    #expect(report.isWaiting == (runs <= waits))
    #expect(clock.now.offset == .seconds(30 * (runs - 1)))
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
