import DriftCore
import JSON

/// Requests of an account in rolling windows.
///
/// Source: Fivetran documentation, REST API rate limits.
package struct RateLimits: Sendable {
  /// What a request counts as, besides being one.
  enum Cost: Sendable {
    case plain
    /// Asks the source.
    case source
    /// Runs setup tests, which asks the source too.
    case setupTest
  }

  struct Window: Sendable {
    var name: String
    var limit: Int
    var seconds: Int64
    /// Requests by the second they came in, oldest first.
    private var hits: [(second: Int64, count: Int)] = []

    init(_ name: String, limit: Int, seconds: Int64) {
      self.name = name
      self.limit = limit
      self.seconds = seconds
    }

    var left: Int { max(0, limit - hits.reduce(0) { $0 + $1.count }) }

    mutating func forget(before now: Int64) {
      let old = hits.prefix { $0.second + seconds <= now }.count
      if old > 0 { hits.removeFirst(old) }
    }

    /// Seconds until there is room again; nil where there is.
    func wait(at now: Int64) -> Int64? {
      if left > 0 { return nil }
      return hits.first.map { $0.second + seconds - now } ?? seconds
    }

    mutating func add(at now: Int64) {
      if hits.last?.second == now {
        hits[hits.count - 1].count += 1
      } else {
        hits.append((now, 1))
      }
    }
  }

  private(set) var windows = [
    Window("requests_per_hour", limit: 20_000, seconds: 3_600),
    Window("source_per_minute", limit: 500, seconds: 60),
    Window("source_per_hour", limit: 5_000, seconds: 3_600),
    Window("tests_per_minute", limit: 250, seconds: 60),
    Window("tests_per_hour", limit: 2_500, seconds: 3_600),
  ]

  var limit: Int { windows[0].limit }
  var left: Int { windows[0].left }

  /// Counts a request. Returns the seconds to wait instead, where it is one too many; such a request does not count.
  mutating func take(_ cost: Cost, at now: Int64) -> Int64? {
    for index in windows.indices { windows[index].forget(before: now) }
    let used = cost.windows
    if let wait = used.compactMap({ windows[$0].wait(at: now) }).max() { return max(1, wait) }
    for index in used { windows[index].add(at: now) }
    return nil
  }

  /// Sets limits by their names; returns the first name or value that is none.
  mutating func set(_ limits: JSONValue) -> String? {
    for member in limits.members ?? [] {
      guard let index = windows.firstIndex(where: { $0.name == member.name }),
        let limit = member.value.int, limit >= 0
      else { return member.name }
      windows[index].limit = limit
    }
    return nil
  }
}

extension RateLimits.Cost {
  fileprivate var windows: [Int] {
    switch self {
    case .plain: [0]
    case .source: [0, 1, 2]
    case .setupTest: [0, 1, 2, 3, 4]
    }
  }
}
