/// The round over a connection's tables in which the source is asked for each one's columns once a day: only there shows that
/// a column is gone.
package struct ColumnSweep: Hashable, Sendable {
  /// Asked last.
  package private(set) var last: TableName?
  /// Up to when the round has come: the tables of the time since then are due.
  package private(set) var at: Timestamp?

  /// - Parameter text: what was kept; nil, or what is not understood, begins anew.
  package init(_ text: String?) {
    let parts = (text ?? "").split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let at = Timestamp(iso8601: parts[0]) else { return }
    (self.at, last) = (at, TableName(schema: parts[1], name: parts[2]))
  }

  /// Empty where a name has a tab: such a round begins anew.
  package var text: String {
    guard let at, let last, !"\(last.schema)\(last.name)".utf8.contains(0x09) else { return "" }
    return "\(at)\t\(last.schema)\t\(last.name)"
  }

  /// Takes the tables that are due out of the round, in the order in which they are asked: after a day all were.
  ///
  /// Where nothing was kept the hour of the day says whose turn it is, so that a run every hour sees all of them too.
  ///
  /// - Parameters:
  ///   - round: all that there are, sorted.
  ///   - limit: how many may be asked now; the others stay due.
  package mutating func take(of round: [TableName], at now: Timestamp, atMost limit: Int) -> [TableName] {
    let count = Int64(round.count)
    if count == 0 || limit <= 0 { return [] }
    guard let at, let last, at <= now else {
      let hour = now.seconds % day / 3_600
      let start = Int((count * hour + 23) / 24)
      let due = Array(round[start..<Int((count * (hour + 1) + 23) / 24)].prefix(limit))
      (self.at, self.last) = (now, due.last ?? round[(start + round.count - 1) % round.count])
      return due
    }
    let elapsed = min(now.microseconds - at.microseconds, day * 1_000_000)
    let due = min(elapsed * count / (day * 1_000_000), Int64(limit))
    if due == 0 { return [] }
    // What is less than a table's time is kept for the next one.
    self.at = Timestamp(microseconds: now.microseconds - elapsed + due * day * 1_000_000 / count)
    let start = round.firstIndex { last < $0 } ?? 0
    let taken = (0..<Int(due)).map { round[(start + $0) % round.count] }
    self.last = taken.last
    return taken
  }

  /// The source did not answer for a table: the round goes on behind it, when its time has come.
  package mutating func stop(at table: TableName) { last = table }
}

/// In seconds.
private let day: Int64 = 86_400
