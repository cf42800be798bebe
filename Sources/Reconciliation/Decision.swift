import DriftCore

/// What one look at a connection led to.
struct Decision: Sendable {
  /// To be carried out in this order.
  var actions: [Action] = []
  /// What is told of the connection, but for the actions.
  var report: ConnectionReport
  /// Red findings that nobody has answered; nil where what was read proves nothing.
  var red: [PausingFinding]?
  /// Nil where nothing is proposed for the connection.
  var open: OpenWork?
  /// Kept once everything is done; nil where the connection is to be looked at again.
  var seen: Seen?
}

extension Reconciler {
  /// The middle of design section 6 as straight lines: compare, judge, ask, draft, decide.
  func decision(
    on connection: Observed, work: Work, ledger: [LedgerEntry],
    pending: Set<TableInConnection>, isDryRun: Bool, report: inout RunReport
  ) async throws -> Decision {
    let name = connection.name
    progress("\(name): comparing")
    var comparison = try await compare(connection, work: work, sweeps: !isDryRun, usage: &report.usage)
    report.usage.tables += comparison.snapshot.tables.count
    report.warnings += comparison.warnings
    var result = ConnectionReport(name: name, outcome: .looked)
    result.gaps = comparison.snapshot.gaps
    result.tables = comparison.unreadable
    result.known = comparison.snapshot.tables.map(\.name) + comparison.files.keys + comparison.unreadable.map(\.table)
    if let hold = try await Holds(cache).check(comparison, for: name, at: now(), isDryRun: isDryRun) {
      result.outcome = .held(
        "\(hold.reason). Nothing is proposed until a later read shows them again; if it is meant: mooring resume \(name)"
      )
      return Decision(report: result)
    }
    let withdrawn = try await withdrawals(
      of: connection, ledger: ledger, work: work, pending: pending, isDryRun: isDryRun, report: &report)
    for (table, draft) in withdrawn {
      // What drifts besides is looked at once the way back is merged or refused: it is drift of what the change did.
      comparison.changes[.table(table)] = draft.changes
      comparison.reportOnly.remove(table)
    }
    for (subject, changes) in comparison.changes.sorted(by: { $0.key < $1.key }) {
      // Who asks for a way back again has taken back their "no".
      let isAsked = subject.table.map { withdrawn[$0] != nil } ?? false
      let remainder =
        try isAsked
        ? Remainder(of: changes)
        : remainder(of: subject, changes, connection: connection, comparison: comparison, work: work)
      let standing = standing(
        of: subject, remainder, connection: connection, comparison: comparison, work: work, pending: pending)
      switch standing {
      case .drifted, .reported:
        comparison.changes[subject] = standing == .drifted ? remainder.proposed : nil
        if let table = subject.table { comparison.refused[table] = remainder.refused }
        if standing == .reported { result.add(subject, remainder.proposed, standing) }
        result.add(refused: remainder.refused.leftOut, of: subject)
      case .open, .refused, .applying, .unreadable:
        comparison.changes[subject] = nil
        result.add(subject, changes, standing)
      }
    }
    if connection.policy.mode == .observe {
      result.sortTables()
      return Decision(report: result, red: [], seen: seen(connection, comparison, work: work, pending: pending))
    }
    let unclear = comparison.unclear.union(result.unclear)
    let open = try await openWork(
      of: name, comparison: comparison, unclear: unclear, work: work)
    for (subject, changes) in comparison.changes {
      guard let branch = open.branches[subject], open.work.kept.contains(branch) else { continue }
      comparison.changes[subject] = nil
      result.add(subject, changes, .open(branch: branch))
    }
    let drafts = try await drafts(
      for: comparison, withdrawn: withdrawn, connection: connection, work: work, ledger: ledger, result: &result,
      report: &report)
    let groups = branches(
      for: drafts.mapValues(\.colour), connection: name,
      openBranches: Set(open.work.pullRequests.keys), greenMembers: open.greenMembers)
    let connectionDraft = connectionDraft(for: comparison, result: &result)
    let red = pausingFindings(of: result, ledger: ledger, refusals: work.refusals, applied: report.applied)
    let pause = pauseShown(on: connection, open: red, ledger: ledger)
    var proposals = groups.sorted { $0.key < $1.key }.map { branch, tables in
      proposal(
        branch: branch, connection: name, tables: tables.compactMap { drafts[$0] },
        model: model?.name, takesLabel: connection.policy.demand.reviews > 0, pause: pause)
    }
    if let connectionDraft {
      proposals.append(proposal(of: connectionDraft, connection: name, pause: pause))
    }
    let actions = decide(
      proposals, given: open.work,
      limits: ProposalLimits(
        open: connection.policy.openProposals, schedule: connection.policy.schedule, now: now()),
      isAutomated: connection.policy.mode == .automate,
      isAsked: { work.ticks.contains(.proposeAll) || work.ticks.contains(.propose(branch: $0)) })
    result.sortTables()
    let isSettled = actions.isEmpty && result.gaps.isEmpty
    return Decision(
      actions: actions, report: result, red: red, open: open.work,
      seen: isSettled ? seen(connection, comparison, work: work, pending: pending) : nil)
  }
}
