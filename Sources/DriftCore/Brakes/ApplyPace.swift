/// When, and how much in an hour, what is merged is applied: of a destination or a connection.
package struct ApplyPace: Hashable, Sendable {
  /// Any of them; empty is at any time.
  package var windows: [Schedule]
  package var limits: ApplyLimits

  package init(windows: [Schedule] = [], limits: ApplyLimits = ApplyLimits()) {
    self.windows = windows
    self.limits = limits
  }
}

/// So much in sixty minutes; nil is any number.
package struct ApplyLimits: Hashable, Sendable {
  /// Tables that something was done for.
  package var tables: Int?
  /// Of targets whose rows are written again, by their size just before.
  package var rewrittenBytes: Int?
  package var resyncs: Int?

  package init(tables: Int? = nil, rewrittenBytes: Int? = nil, resyncs: Int? = nil) {
    self.tables = tables
    self.rewrittenBytes = rewrittenBytes
    self.resyncs = resyncs
  }
}

/// When all of them are open; `never` where no moment of the week is in all.
package enum Opening: Hashable, Sendable {
  case now
  case at(Timestamp)
  case never
}

/// The first moment from `now` on at which every set of windows is open. An empty set is always open.
package func opening(of sets: [[Schedule]], at now: Timestamp) -> Opening {
  var time = now
  // Each goes round in a week.
  let end = now.adding(seconds: 8 * 86_400)
  while time < end {
    guard let closed = sets.first(where: { !$0.isEmpty && !$0.contains { $0.isOpen(at: time) } }),
      let next = closed.map({ $0.opening(after: time) }).min()
    else { return time == now ? .now : .at(time) }
    time = next
  }
  return .never
}

/// Why nothing is begun now, and when it is; nil inside the windows.
package func closedWindow(_ sets: [[Schedule]], at now: Timestamp) -> String? {
  let opening = opening(of: sets, at: now)
  if opening == .now { return nil }
  let closed = sets.filter { !$0.isEmpty && !$0.contains { $0.isOpen(at: now) } }
  let shown = closed.map { $0.map(\.description).joined(separator: ", ") }.joined(separator: " and ")
  let end = if case .at(let time) = opening { "goes on at \(time.toTheSecond)" } else { "never goes on" }
  return "outside its window \(shown); \(end)"
}
