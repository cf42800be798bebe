/// Requests that wait for their turn, and how many are under way for each origin.
///
/// libcurl has limits of its own, but 7.88 now and then forgets a request that waits for a connection until something
/// else wakes it.
struct WaitingLine {
  private var waiting: [Job] = []
  private var underWay: [String: Int] = [:]
  private var total = 0

  /// Of those that wait.
  var nearestDeadline: ContinuousClock.Instant? { waiting.map(\.deadline).min() }

  mutating func insert(_ job: Job) { waiting.append(job) }

  /// Takes every request whose turn it is, first come, first served within its origin.
  mutating func takeReady() -> [Job] {
    var ready: [Job] = []
    waiting.removeAll { job in
      let origin = job.origin
      guard total < LiveTransport.maximumRequests,
        underWay[origin, default: 0] < LiveTransport.maximumRequestsPerOrigin
      else { return false }
      underWay[origin, default: 0] += 1
      total += 1
      ready.append(job)
      return true
    }
    return ready
  }

  /// A request that was taken has ended.
  mutating func finish(_ job: Job) {
    total -= 1
    let left = underWay[job.origin, default: 1] - 1
    underWay[job.origin] = left > 0 ? left : nil
  }

  /// Takes the waiting requests that meet the condition, for those who need not wait any more.
  mutating func remove(where isMeant: (Job) -> Bool) -> [Job] {
    let removed = waiting.filter(isMeant)
    if !removed.isEmpty { waiting.removeAll(where: isMeant) }
    return removed
  }
}
