/// What earlier looks at a connection showed to be gone, so that one look's losses are not taken for new ones for ever, and
/// a mass of them is seen though it comes in several looks.
///
/// What goes counts together until nothing new has gone for two days: the source shows its columns in a round of a day
/// (`ColumnSweep`), and with it a lost permission. From then on what was let through counts no more. What is held is not let
/// through, and goes on counting.
package struct KnownLosses: Hashable, Sendable {
  /// Counts no more: let through and followed by two quiet days, or lifted by a person.
  package private(set) var settled: Set<String>
  /// Let through since.
  package private(set) var recent: Set<String>
  /// When something new was let through last; nil where nothing was, and while something is held.
  package private(set) var newest: Timestamp?

  package init(settled: Set<String> = [], recent: Set<String> = [], newest: Timestamp? = nil) {
    self.settled = settled
    self.recent = recent
    self.newest = newest
  }

  /// Judges what one look shows, and remembers it.
  ///
  /// - Parameters:
  ///   - lifted: what a person lets go; where more counts than that, it is held all the same.
  ///   - unclear: tables that could not be judged in this look: what is known of them stays.
  package mutating func judge(
    _ losses: Losses, lifted: Set<String> = [], unclear: Set<TableName> = [], at now: Timestamp
  ) -> Hold? {
    if let newest, newest.adding(seconds: quietSeconds) <= now {
      settled.formUnion(recent)
      recent = []
    }
    let counted = losses.without(settled)
    var hold = massRemoval(counted)
    if let found = hold, found.gone.isSubset(of: lifted) {
      settled.formUnion(found.gone)
      hold = nil
    }
    let known = counted.gone.intersection(recent).count
    if hold == nil { recent.formUnion(counted.gone) }
    if known < counted.gone.count || newest == nil { newest = now }
    let gone = losses.gone
    let isKept = { (name: String) in
      gone.contains(name) || unclear.contains { name == "table \($0)" || name.hasPrefix("column \($0).") }
    }
    settled = settled.filter(isKept)
    recent = recent.subtracting(settled).filter(isKept)
    // What is held waits for a person, and nothing that counts for it ceases to meanwhile.
    if recent.isEmpty || hold != nil { newest = nil }
    guard var hold else { return nil }
    if known > 0 { hold.reason += ", \(known) of them in looks before" }
    return hold
  }
}

/// Two days.
private let quietSeconds: Int64 = 2 * 86_400
