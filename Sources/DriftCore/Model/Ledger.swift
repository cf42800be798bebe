/// Names one step of one change in one destination: the key of what happens at most once.
package struct StepID: Hashable, Sendable, CustomStringConvertible {
  package var destination: DestinationName
  package var connection: ConnectionName
  package var table: TableName
  package var change: Int
  package var step: Int
  /// 0, or the batch of a backfill, from 1.
  package var part: Int

  package init(
    destination: DestinationName, connection: ConnectionName, table: TableName, change: Int,
    step: Int, part: Int = 0
  ) {
    self.destination = destination
    self.connection = connection
    self.table = table
    self.change = change
    self.step = step
    self.part = part
  }

  package var description: String {
    let tail = part == 0 ? "" : ".\(part)"
    return "\(destination)/\(connection)/\(table)/\(change)/\(step)\(tail)"
  }
}

/// One line of a destination's ledger: what apply intended, did, or would not do. Lines are only ever added.
package struct LedgerEntry: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Written before an act whose effect is outside the destination's own transaction.
    case intended
    case done
    case failed
    /// Was merged before Mooring kept a ledger here, and its result was found in place.
    case adopted
    /// The live systems differ from what the change relies on: it will never run.
    case stale
  }

  package var step: StepID
  package var state: State
  /// `ddl`, `backfill`, ... as in the change file; for an entry about the whole change (step 0) `change`, or `undo 7` where
  /// it takes back change 7 of the same table.
  package var kind: String
  /// SHA-256 of the change folder's files, hexadecimal. Two digests under one key are an alarm.
  package var digest: String
  /// The commit of the protected branch that was read.
  package var commit: String
  /// In words, or the bound of a batch as JSON.
  package var detail: String
  /// When the destination wrote the line, by the destination's clock; nil before.
  package var at: Timestamp?

  package init(
    step: StepID, state: State, kind: String, digest: String, commit: String, detail: String = "",
    at: Timestamp? = nil
  ) {
    self.step = step
    self.state = state
    self.kind = kind
    self.digest = digest
    self.commit = commit
    self.detail = detail
    self.at = at
  }
}
