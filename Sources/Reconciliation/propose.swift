import Cryptography
package import DriftCore

extension Reconciler {
  typealias Chosen = (key: ConnectionName, value: ConnectionPolicy)

  /// Looks at each chosen connection that has moved since the last look, and proposes its drift.
  func propose(
    _ chosen: [Chosen], work: Work, statuses: [ConnectionStatus],
    ledgers: [DestinationName: Result<[LedgerEntry], any Error>],
    pending: Set<TableInConnection>, isDryRun: Bool, report: inout RunReport
  ) async throws {
    let byID = Dictionary(statuses.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var looks: [(name: ConnectionName, policy: ConnectionPolicy, status: ConnectionStatus)] = []
    var reports: [ConnectionName: ConnectionReport] = [:]
    for (name, policy) in chosen {
      guard let status = byID[policy.id] else {
        reports[name] = ConnectionReport(
          name: name,
          outcome: .failed(
            "Fivetran does not list \"\(policy.id)\": it is gone, or this key may not see it; check connections.\(name).id in mooring.yaml"
          ))
        continue
      }
      if status.setupState != "connected" {
        reports[name] = ConnectionReport(
          name: name,
          outcome: .held("its set-up is \(status.setupState) in Fivetran; repair it there"))
        continue
      }
      if status.succeededAt == nil, status.failedAt == nil {
        var report = ConnectionReport(name: name, outcome: .looked)
        report.gaps = ["it has not synced yet: there is nothing to compare"]
        reports[name] = report
        continue
      }
      let stamp = stamp(
        of: name, mode: policy.mode, status: status, work: work, pending: pending)
      if try await cache.value(for: "looked/\(name)") == stamp {
        reports[name] = ConnectionReport(name: name, outcome: .unchanged)
        continue
      }
      looks.append((name, policy, status))
    }
    var failures: [ConnectionName: any Error] = [:]
    let observed = try await observer.observe(
      looks, usage: &report.usage, failures: &failures)
    for (name, error) in failures {
      reports[name] = ConnectionReport(name: name, outcome: .failed("\(error)"))
    }
    for connection in observed {
      do {
        let ledger = try ledgers[connection.policy.destination]?.get() ?? []
        reports[connection.name] = try await reconcile(
          connection, work: work, ledger: ledger, pending: pending, isDryRun: isDryRun,
          report: &report)
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        reports[connection.name] = ConnectionReport(
          name: connection.name, outcome: .failed("\(error)"))
      }
    }
    report.connections = chosen.compactMap { reports[$0.key] }
    for connection in report.connections { await announce(connection, report: &report) }
  }

  /// What a look depends on: where nothing of it moved, nothing is read.
  private func stamp(
    of name: ConnectionName, mode: ConnectionPolicy.Mode, status: ConnectionStatus, work: Work,
    pending: Set<TableInConnection>
  ) -> String {
    let open = work.openWork(of: name).sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value.head?.text ?? "")" }
    let tips = work.branches(of: name).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.tip)" }
    let refused = work.refusals.state(of: name)
    let waiting = pending.filter { $0.connection == name }.map(\.table.description).sorted()
    let parts =
      [rulesVersion, mode.rawValue, work.policyDigest, work.digest(of: name), status.setupState]
      + [status.succeededAt?.description ?? "never", model?.name ?? "no model"] + open + tips + refused
      + waiting
    return sha256Hex(parts.joined(separator: "\n"))
  }

  /// The table of design section 6 as straight lines: compare, judge, ask, draft, decide, act.
  private func reconcile(
    _ connection: Observed, work: Work, ledger: [LedgerEntry],
    pending: Set<TableInConnection>, isDryRun: Bool, report: inout RunReport
  ) async throws -> ConnectionReport {
    let name = connection.name
    progress("\(name): comparing")
    var comparison = try await compare(connection, work: work, usage: &report.usage)
    report.usage.tables += comparison.snapshot.tables.count
    var result = ConnectionReport(name: name, outcome: .looked)
    result.gaps = comparison.snapshot.gaps
    result.tables = comparison.unreadable
    if let hold = try await Holds(cache).check(massRemoval(comparison.losses), for: name) {
      result.outcome = .held(
        "\(hold.reason). Nothing is proposed until a later read shows them again; if it is meant: mooring resume \(name)"
      )
      return result
    }
    for (table, changes) in comparison.changes.sorted(by: { $0.key < $1.key }) {
      let standing = standing(
        of: table, changes, connection: connection, comparison: comparison, work: work, pending: pending)
      if standing == .drifted { continue }
      comparison.changes[table] = nil
      result.tables.append(TableReport(table: table, changes: changes, standing: standing))
    }
    if connection.policy.mode == .observe {
      try await remember(connection, comparison, work: work, pending: pending)
      result.tables.sort { $0.table < $1.table }
      return result
    }
    let unclear = Set(
      result.tables.filter { $0.standing.isUnclear || $0.changes.isEmpty }.map(\.table))
    let open = try await openWork(
      of: name, comparison: comparison, unclear: unclear, work: work)
    for (table, changes) in comparison.changes {
      guard let branch = open.tables[table], open.work.kept.contains(branch) else { continue }
      comparison.changes[table] = nil
      result.tables.append(
        TableReport(table: table, changes: changes, standing: .open(branch: branch)))
    }
    let drafts = try await drafts(
      for: comparison, connection: connection, work: work, ledger: ledger, result: &result,
      report: &report)
    let groups = branches(
      for: drafts.mapValues(\.colour), connection: name,
      openBranches: Set(open.work.pullRequests.keys), greenMembers: open.greenMembers)
    let proposals = groups.sorted { $0.key < $1.key }.map { branch, tables in
      proposal(
        branch: branch, connection: name, tables: tables.compactMap { drafts[$0] },
        model: model?.name)
    }
    let actions = decide(
      proposals, given: open.work,
      limits: ProposalLimits(
        open: connection.policy.openProposals, schedule: connection.policy.schedule, now: now()),
      isAsked: { work.ticks.contains(.proposeAll) || work.ticks.contains(.propose(branch: $0)) })
    do {
      try await perform(actions, base: work.tree, isDryRun: isDryRun, into: &result)
      if !isDryRun { result.actions += try await checkEdits(open.work, work: work, report: &report) }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // What was done before it is told all the same.
      result.outcome = .failed("\(error)")
      return result
    }
    if !isDryRun, result.actions.allSatisfy({ $0.kind != .lost }), result.gaps.isEmpty,
      actions.isEmpty
    {
      try await remember(connection, comparison, work: work, pending: pending)
    }
    result.tables.sort { $0.table < $1.table }
    return result
  }

  /// A look that led to nothing need not be repeated until something moves.
  private func remember(
    _ connection: Observed, _ comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) async throws {
    // A closing that did not get onto record is tried again.
    guard work.refusals.unrecorded(of: connection.name).isEmpty else { return }
    let stamp = stamp(
      of: connection.name, mode: connection.policy.mode, status: connection.status, work: work,
      pending: pending)
    try await cache.set(stamp, for: "looked/\(connection.name)")
    try await cache.set(comparison.settled.text, for: "settled/\(connection.name)")
  }

  private func standing(
    of table: TableName, _ changes: [ClassifiedChange], connection: Observed,
    comparison: Comparison, work: Work, pending: Set<TableInConnection>
  ) -> TableReport.Standing {
    if pending.contains(TableInConnection(connection: connection.name, table: table)) {
      return .applying
    }
    if let reason = work.hold(on: table, of: connection.name) { return .unreadable(reason) }
    if changes.allSatisfy({ work.refusals.findings.contains($0.fingerprint) }) { return .refused }
    if connection.policy.mode == .observe || comparison.reportOnly.contains(table) {
      return .reported
    }
    return .drifted
  }
}

/// A table of one connection: two connections may land tables of one name in two destinations.
package struct TableInConnection: Hashable, Sendable {
  package var connection: ConnectionName
  package var table: TableName
}
