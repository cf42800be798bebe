import DriftCore

extension Reconciler {
  typealias Chosen = (key: ConnectionName, value: ConnectionPolicy)

  /// Looks at each chosen connection that has moved since the last look, decides about each, and acts on all at once.
  ///
  /// A connection that cannot be looked at or decided about is told, and the others go on.
  func propose(
    _ chosen: [Chosen], work: Work, statuses: [ConnectionStatus],
    ledgers: [DestinationName: Result<[LedgerEntry], any Error>],
    pending: Set<TableInConnection>, isDryRun: Bool, report: inout RunReport
  ) async throws {
    var reports: [ConnectionName: ConnectionReport] = [:]
    let due = try await due(chosen, work: work, statuses: statuses, pending: pending, reports: &reports)
    var failures: [ConnectionName: any Error] = [:]
    let observed = try await observer.observe(due, usage: &report.usage, failures: &failures)
    var decisions: [Decision] = []
    for connection in observed {
      let decided = try await outcome {
        let ledger = try ledgers[connection.policy.destination]?.get() ?? []
        return try await decision(
          on: connection, work: work, ledger: ledger, pending: pending, isDryRun: isDryRun, report: &report)
      }
      switch decided {
      case .success(let decision): decisions.append(decision)
      case .failure(let error): failures[connection.name] = error
      }
    }
    for index in decisions.indices {
      let name = decisions[index].report.name
      guard let policy = project.connections[name], let red = decisions[index].red else { continue }
      let isKept = try await keepPause(
        on: name, policy: policy, open: red, statuses: statuses, ledgers: ledgers, isDryRun: isDryRun, report: &report)
      // It is looked at again, although nothing has moved.
      if !isKept { decisions[index].seen = nil }
    }
    for (name, error) in failures { reports[name] = ConnectionReport(name: name, outcome: .failed("\(error)")) }
    for performed in try await perform(decisions, work: work, isDryRun: isDryRun, report: &report) {
      reports[performed.name] = performed
    }
    report.connections = chosen.compactMap { reports[$0.key] }
    for connection in report.connections { await announce(connection, report: &report) }
  }

  private typealias Due = (name: ConnectionName, policy: ConnectionPolicy, status: ConnectionStatus)

  /// Those to look at; what is told of the others goes into `reports`.
  private func due(
    _ chosen: [Chosen], work: Work, statuses: [ConnectionStatus], pending: Set<TableInConnection>,
    reports: inout [ConnectionName: ConnectionReport]
  ) async throws -> [Due] {
    let byID = Dictionary(statuses.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var due: [Due] = []
    for (name, policy) in chosen {
      guard let status = byID[policy.id] else {
        reports[name] = ConnectionReport(
          name: name,
          outcome: .failed(
            "Fivetran does not list \"\(policy.id)\": it is gone, or this key may not see it; check connections.\(name).id in mooring.yaml"
          ))
        continue
      }
      if let reason = status.quarantine {
        reports[name] = ConnectionReport(name: name, outcome: .held(reason))
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
      due.append((name, policy, status))
    }
    return due
  }
}
