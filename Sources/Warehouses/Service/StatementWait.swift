/// Waits for the end of a statement by looking at it again and again, at first soon.
struct StatementWait: Sendable {
  /// For the end of what was cancelled.
  static let cancelTimeout = Duration.seconds(60)

  let clock: any Clock<Duration>
  var firstPause = Duration.milliseconds(100)
  var maximumPause = Duration.seconds(2)
  /// The statement is cancelled then; nil where the service does that itself.
  var limit: Duration?

  /// What it was at its end, and whether it was cancelled for the time that it took. Where nobody waits any more, it is
  /// cancelled too.
  func end<Value>(
    of first: Value, isRunning: (Value) throws -> Bool, look: (Value) async throws -> Value,
    cancel: @escaping @Sendable () async throws -> Void
  ) async throws -> (value: Value, isCancelled: Bool) {
    var value = first
    var waited = Duration.zero
    var pause = firstPause
    var isCancelled = false
    while try isRunning(value) {
      if let limit, waited >= limit {
        if !isCancelled { await apart(cancel) }
        isCancelled = true
        if waited >= limit + Self.cancelTimeout {
          throw ServiceError(.outcomeUnknown, "the statement was cancelled after \(limit) and still runs")
        }
      }
      do {
        try await clock.sleep(for: pause)
        value = try await look(value)
      } catch is CancellationError {
        await apart(cancel)
        throw CancellationError()
      }
      waited += pause
      pause = min(pause * 2, maximumPause)
    }
    return (value, isCancelled)
  }

  /// The task may be cancelled, and so would be a request of its own.
  private func apart(_ cancel: @escaping @Sendable () async throws -> Void) async {
    let task = Task { try await cancel() }
    _ = await task.result
  }
}
