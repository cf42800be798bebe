/// An open pull request of ours that still says what would be proposed now: it is left exactly as it is, nothing is
/// asked, drafted or pushed for what it is about.
///
/// - Parameters:
///   - findings: of each table with drift, as the rules judge it now.
///   - isUnmoved: whether the protected branch still has, at a path that the branch edits, what the branch started from.
package func isKept(
  _ pullRequest: PullRequest, branch: Branch, subjects: [DriftSubject],
  findings: [DriftSubject: [ClassifiedChange]], isGreenBranch: Bool, isUnmoved: (String) -> Bool
) -> Bool {
  let current = subjects.flatMap { findings[$0] ?? [] }
  if isGreenBranch, current.contains(where: { $0.colour != .green }) { return false }
  return branch.isOurs && pullRequest.head == branch.tip
    && current.map(\.fingerprint).sorted() == pullRequest.findings
    && branch.changes.keys.allSatisfy(isUnmoved)
}

/// Which branch each table's proposal goes to.
///
/// Green tables share one branch, whose members are fixed when it opens and can only leave. A table that has a branch of
/// its own stays there; one with anything yellow or red gets one.
package func branches(
  for colours: [TableName: Colour], connection: ConnectionName, openBranches: Set<String>,
  greenMembers: Set<TableName>?
) -> [String: [TableName]] {
  var groups: [String: [TableName]] = [:]
  for (table, colour) in colours {
    let own = branchName(for: .table(table), of: connection)
    let joinsGreen =
      colour == .green && !openBranches.contains(own) && (greenMembers?.contains(table) ?? true)
    groups[joinsGreen ? greenBranchName(of: connection) : own, default: []].append(table)
  }
  return groups.mapValues { $0.sorted() }
}
