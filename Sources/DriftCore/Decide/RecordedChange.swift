/// What a destination's ledger knows of one change as a whole.
package struct RecordedChange: Hashable, Sendable {
  package var connection: ConnectionName
  package var table: TableName
  package var number: Int
  /// `done`, `adopted` or `stale`; nil while it is not finished.
  package var state: LedgerEntry.State?
  /// Of its folder, as it was merged.
  package var digest: String
  /// A commit of the protected branch that has the folder.
  package var commit: CommitID
  /// When it ended, by the destination's clock.
  package var at: Timestamp?
  /// Steps that took effect, the last line aside.
  package var stepsDone = 0
  /// The change that it takes back.
  package var undoes: Int?
  /// The later change that took it back.
  package var undoneBy: Int?
  /// The ledger knows the number with two contents.
  package var isAmbiguous = false

  package init(connection: ConnectionName, table: TableName, number: Int, digest: String, commit: CommitID) {
    self.connection = connection
    self.table = table
    self.number = number
    self.digest = digest
    self.commit = commit
  }

  package var isApplied: Bool { state == .done || state == .adopted }

  /// Takes effect only as long as this is true.
  package var isInForce: Bool { isApplied && undoneBy == nil }
}

extension Change {
  /// What the ledger calls a line about the whole of it: `change`, or `undo 7` where it takes change 7 back.
  package var kind: String { undoes.map { "undo \($0)" } ?? "change" }
}

/// The changes that a ledger speaks of, ordered by connection, table and number.
package func recordedChanges(in ledger: [LedgerEntry]) -> [RecordedChange] {
  struct Key: Hashable {
    var connection: ConnectionName
    var table: TableName
    var number: Int
  }
  var changes: [Key: RecordedChange] = [:]
  for entry in ledger where entry.step.change > 0 {
    let key = Key(connection: entry.step.connection, table: entry.step.table, number: entry.step.change)
    var change =
      changes[key]
      ?? RecordedChange(
        connection: key.connection, table: key.table, number: key.number, digest: entry.digest,
        commit: CommitID(entry.commit))
    if change.digest != entry.digest { change.isAmbiguous = true }
    if entry.step.step > 0, entry.state == .done { change.stepsDone += 1 }
    if entry.step.step == 0, entry.state != .intended, change.state == nil {
      change.state = entry.state
      change.digest = entry.digest
      change.commit = CommitID(entry.commit)
      change.at = entry.at
      change.undoes = entry.kind.hasPrefix("undo ") ? Int(entry.kind.dropFirst(5)) : nil
    }
    changes[key] = change
  }
  for change in changes.values where change.isApplied {
    guard let undone = change.undoes else { continue }
    changes[Key(connection: change.connection, table: change.table, number: undone)]?.undoneBy = change.number
  }
  return changes.values.sorted { ($0.connection, $0.table, $0.number) < ($1.connection, $1.table, $1.number) }
}

/// Those whose folder is on the protected branch no more, neither where it was nor elsewhere.
package func vanished(_ changes: [RecordedChange], from tree: RepositoryTree, root: String) -> [RecordedChange] {
  if changes.isEmpty { return [] }
  let folders = changeFolders(in: tree, root: root)
  var numbers: [String: Set<Int>] = [:]
  for folder in folders { numbers[folder.tableFolder.path, default: []].insert(folder.number) }
  let missing = changes.filter { change in
    !TableFolder.addresses(root: root, connection: change.connection, table: change.table).contains {
      numbers[$0.path]?.contains(change.number) ?? false
    }
  }
  if missing.isEmpty { return [] }
  let digests = Set(folders.map(\.digest))
  return missing.filter { !digests.contains($0.digest) }
}

extension [RecordedChange] {
  /// The change of one table that is to be undone, as far as the ledger lets it.
  ///
  /// - Parameter number: of these, which are all of one table.
  package func undoable(_ number: Int) throws(UndoRefusal) -> RecordedChange {
    let name = "change \(numbered(number))"
    guard let change = first(where: { $0.number == number }) else {
      throw UndoRefusal(
        "\(name) was not applied: the ledger does not have it",
        hint: "what was merged and has not run never will once its commit is reverted; what is applied: mooring status")
    }
    if change.isAmbiguous {
      throw UndoRefusal(
        "the ledger knows \(name) with two contents, so which of them ran cannot be told",
        hint: "compare mooring.ledger and mooring.audit with the history of the folder, and write the way back by hand")
    }
    if let other = change.undoneBy {
      throw UndoRefusal(
        "\(name) is undone already, by change \(numbered(other))",
        hint: "to have it again, write it as a change of its own: edit the mapping, then mooring draft")
    }
    switch change.state {
    case .done, .adopted: return change
    case .stale:
      throw UndoRefusal(
        "\(name) never ran: what it relied on had moved", hint: "revert its commit if it is no longer wanted")
    case nil, .intended, .failed:
      throw UndoRefusal(
        "\(name) is not finished", hint: "let mooring run finish it, or see what it waits for: mooring status")
    }
  }

  /// Changes of the table that came after one and are in force; a later one and what undid it count for nothing.
  package func later(than number: Int) -> [RecordedChange] {
    filter { $0.number > number && $0.isInForce && !($0.undoes.map { $0 >= number } ?? false) }
  }
}

/// Why the effects of a change cannot be undone by another one, and the way out.
package struct UndoRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package var reason: String
  package var hint: String

  package init(_ reason: String, hint: String) {
    self.reason = reason
    self.hint = hint
  }

  package var description: String { "\(reason)\n  hint: \(hint)" }
}
