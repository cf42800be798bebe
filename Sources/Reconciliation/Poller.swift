/// Runs the reconciler again and again until it is told to stop.
package struct Poller<Time: Clock>: Sendable where Time.Duration == Duration {
  package var interval: Duration
  package var clock: Time
  package var run: @Sendable () async throws -> Void

  package init(
    interval: Duration, clock: Time, run: @escaping @Sendable () async throws -> Void
  ) {
    self.interval = interval
    self.clock = clock
    self.run = run
  }

  /// Returns when the task is cancelled. A run that took longer than the interval is followed by one run, not by those
  /// that were missed.
  package func poll() async throws {
    var next = clock.now
    while !Task.isCancelled {
      try await run()
      next = max(next.advanced(by: interval), clock.now)
      do {
        try await clock.sleep(until: next, tolerance: nil)
      } catch is CancellationError {
        return
      }
    }
  }
}
