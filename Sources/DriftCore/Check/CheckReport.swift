/// What a change of the repository's files means, and whether it will be applied once it is merged.
package struct CheckReport: Sendable {
  /// Only tables with something to say, by folder.
  package var tables: [CheckedTable]
  /// Sorted. An error keeps something of the merge from being applied; a warning does not.
  package var problems: [Diagnostic]
  /// For people: what holds for the whole.
  package var notes: [String]

  package init(tables: [CheckedTable], problems: [Diagnostic], notes: [String]) {
    self.tables = tables
    self.problems = problems
    self.notes = notes
  }

  package enum Answer: String, Sendable {
    /// Every new change will be applied as it stands.
    case applies
    /// There is nothing to apply.
    case nothing
    /// It will be applied once every red finding is acknowledged.
    case waits
    /// Something will not be applied as it stands.
    case refused
  }

  package var answer: Answer {
    if problems.contains(where: { $0.severity == .error }) { return .refused }
    let changes = tables.flatMap(\.changes)
    if changes.contains(where: { !$0.waitsFor.isEmpty }) { return .waits }
    return changes.contains { !$0.steps.isEmpty } ? .applies : .nothing
  }

  /// The answer in one line.
  package var headline: String {
    switch answer {
    case .applies: return "This merge will be applied."
    case .nothing: return "Nothing to apply."
    case .waits:
      let count = tables.flatMap(\.changes).reduce(0) { $0 + $1.waitsFor.count }
      return "This merge waits for \(counted(count, "acknowledgement"))."
    case .refused:
      let count = problems.count { $0.severity == .error }
      return "This merge will not be applied as it is: \(counted(count, "error"))."
    }
  }
}

/// One table whose files changed.
package struct CheckedTable: Sendable {
  package var connection: ConnectionName
  package var table: TableName
  package var folder: TableFolder
  package var findings: [CheckedFinding]
  /// What follows from the edit besides, in words.
  package var notes: [String]
  /// Change folders that are new, or were edited, by number.
  package var changes: [CheckedChange]

  package var colour: Colour? { findings.map(\.colour).max() }
}

/// What one edit means for those who read and write the table.
package struct CheckedFinding: Sendable {
  package var rule: String
  /// Nil for the table itself.
  package var column: String?
  package var text: String
  package var colour: Colour
  /// Nil where only the change file speaks of the finding: it was observed, and the files do not show it.
  package var effect: Effect?
  package var fingerprint: String

  package struct Effect: Hashable, Sendable {
    package var readers: ReaderEffect
    package var writes: WriteEffect
    package var reversible: Reversibility
  }
}

/// A change folder as apply would meet it.
package struct CheckedChange: Sendable {
  package var path: String
  /// What it does and what it locks, in order.
  package var steps: [String]
  package var statements: [String]
  /// Red findings without a person's name.
  package var waitsFor: [Acknowledgement]
  /// Why apply would not carry it out, where it would not.
  package var refusal: String?
  /// Why there is no way back, where there is none.
  package var irreversible: String?
  var change: Change

  package var name: String { String(path.split(separator: "/").last ?? "") }
}
