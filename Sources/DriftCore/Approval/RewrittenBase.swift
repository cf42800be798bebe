/// The protected branch no longer has, in its history, a commit that it once had: what was merged, approved and applied
/// may be there no more, and what stands there may never have been reviewed.
package struct RewrittenBase: Error, Hashable, Sendable, CustomStringConvertible {
  /// Seen before: by this machine, or by whoever wrote a destination's ledger.
  package var known: CommitID
  package var tip: CommitID

  package init(known: CommitID, tip: CommitID) {
    self.known = known
    self.tip = tip
  }

  package var finding: String {
    "the protected branch was rewritten: it is at \(tip), and \(known), which it had before, is not in its history. "
      + "Nothing is applied and nothing proposed until a person confirms it"
  }

  package var wayOut: String {
    "look at what changed: git diff \(known.short) \(tip.short); put the branch back, or say that it is meant: "
      + "mooring resume --base \(tip)"
  }

  package var description: String { "\(finding)\n  hint: \(wayOut)" }
}

/// The kind of ledger line by which a person says that a rewritten branch is meant.
package let baseKind = "base"

/// For each connection, the commit of the protected branch that its newest ledger line was written for.
///
/// Lines without a connection count where no other repository writes to this ledger.
package func knownTips(
  in ledger: [LedgerEntry], of connections: Set<ConnectionName>
) -> [ConnectionName: CommitID] {
  let isShared = ledger.contains { $0.step.connection != "" && !connections.contains($0.step.connection) }
  var tips: [ConnectionName: CommitID] = [:]
  for entry in ledger where !entry.commit.isEmpty {
    let isOurs = entry.step.connection == "" ? !isShared : connections.contains(entry.step.connection)
    if isOurs { tips[entry.step.connection] = CommitID(entry.commit) }
  }
  return tips
}

/// The line that confirms a rewritten branch for a connection.
package func confirmation(
  of tip: CommitID, after known: CommitID, for connection: ConnectionName, in destination: DestinationName,
  ledger: [LedgerEntry]
) -> LedgerEntry {
  let earlier = ledger.count { $0.kind == baseKind && $0.step.connection == connection }
  return LedgerEntry(
    step: StepID(
      destination: destination, connection: connection, table: TableName(schema: "", name: ""), change: earlier + 1,
      step: 0),
    state: .done, kind: baseKind, digest: "", commit: tip.text,
    detail: "rewritten from \(known.short) to \(tip.short), confirmed")
}
