/// Runs, and runs again while a merged change waits, until the time is over; returns what the last run reported.
///
/// - Parameter pause: between the end of a run and the next one.
package func waitOut<Time: Clock>(
  _ limit: Duration, every pause: Duration, clock: Time, run: () async throws -> RunReport
) async throws -> RunReport where Time.Duration == Duration {
  let end = clock.now.advanced(by: limit)
  while true {
    let report = try await run()
    let next = clock.now.advanced(by: pause)
    guard report.isWaiting, next <= end else { return report }
    try await clock.sleep(until: next, tolerance: nil)
  }
}

extension RunReport {
  /// Whether a merged change waits for something.
  package var isWaiting: Bool {
    applied.contains { if case .waiting = $0.outcome { true } else { false } }
  }
}
