/// Whether steps run in a destination after some of them failed.
package enum BreakerState: Hashable, Sendable {
  case closed
  /// Nothing runs before `until`.
  case open(BreakerOpening, until: Timestamp)
  /// The pause is over: one step is tried, and what becomes of it decides.
  case halfOpen(BreakerOpening)
}

/// What opened a breaker.
package struct BreakerOpening: Hashable, Sendable {
  /// Since the last success, or since a person said to go on.
  package var failures: Int
  package var last: StepFailure
  package var step: StepID
  package var at: Timestamp?
  /// Every failure while it is open makes the pause longer.
  package var times: Int

  package var pause: Duration {
    let factor = 1 << min(times - 1, 10)
    return min(firstPause * factor, longestPause)
  }
}

/// Failed steps in a row that open the breaker; an outcome that is not known opens it alone.
package let failuresUntilOpen = 3
private let firstPause = Duration.seconds(5 * 60)
private let longestPause = Duration.seconds(4 * 3600)

/// What the ledger's lines say of a destination: open after three failed steps in a row or one whose outcome is not known,
/// closed by the next success, or by a person.
///
/// - Parameter ledger: oldest first. A line without a time, which no destination writes, is as old as can be.
package func breaker(
  in ledger: [LedgerEntry], of destination: DestinationName, at now: Timestamp
) -> BreakerState {
  let lines = ledger.reversed().lazy.filter { $0.step.destination == destination }
  let failed = lines.prefix { !$0.closesBreaker }.filter { $0.state == .failed }.reversed()
  var opening: BreakerOpening?
  for (index, entry) in failed.enumerated() {
    guard let failure = StepFailure(entry) else { continue }
    let times = opening?.times ?? 0
    guard times > 0 || failure.isOutcomeUnknown || index + 1 >= failuresUntilOpen else { continue }
    opening = BreakerOpening(
      failures: index + 1, last: failure, step: entry.step, at: entry.at, times: times + 1)
  }
  guard let opening else { return .closed }
  guard let at = opening.at else { return .halfOpen(opening) }
  let end = at.adding(seconds: opening.pause.components.seconds)
  return now < end ? .open(opening, until: end) : .halfOpen(opening)
}

/// Whether the step is the one that a half-open breaker lets through. Whoever takes it needs the lease of `TableName.trial`:
/// it is one step of all instances.
package func isTrial(
  _ next: NextStep, in ledger: [LedgerEntry], of destination: DestinationName, at now: Timestamp
) -> Bool {
  guard next.isTry, case .halfOpen = breaker(in: ledger, of: destination, at: now) else { return false }
  return true
}

extension LedgerEntry {
  /// A step took effect, or a person said to go on.
  fileprivate var closesBreaker: Bool {
    switch state {
    case .done: return isEffect
    case .intended:
      guard let word = PersonsWord(self), word.word == .resume, case .destination = word.scope else { return false }
      return true
    case .failed, .adopted, .stale: return false
    }
  }
}

/// Tables whose last step failed: while a breaker is half open, others are tried before them, so that one bad change does not
/// keep it open for all.
package func troubledTables(in ledger: [LedgerEntry], of destination: DestinationName) -> Set<TableName> {
  let lines = ledger.reversed().lazy.filter { $0.step.destination == destination }
  return Set(lines.prefix { !$0.closesBreaker }.filter { $0.state == .failed }.map(\.step.table))
}
