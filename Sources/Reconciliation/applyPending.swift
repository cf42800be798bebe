import DriftCore

extension Reconciler {
  typealias Ledgers = [DestinationName: Result<[LedgerEntry], any Error>]

  /// Applies what was merged and is not in the ledger, as far as it goes now. Returns the tables with a change that is
  /// not finished: nothing new is proposed for them.
  func applyPending(
    in tree: RepositoryTree, statuses: [ConnectionStatus], ledgers: Ledgers,
    only names: Set<ConnectionName>, isDryRun: Bool, report: inout RunReport
  ) async throws -> Set<TableInConnection> {
    var unfinished: Set<TableInConnection> = []
    var (statuses, ledgers) = (statuses, ledgers)
    let folders = inOrder(try await unfinishedFolders(in: tree, ledgers: ledgers, only: names), ledgers: ledgers)
    let destinations = isDryRun ? try await looked(at: folders) : self.destinations
    var approvals = try await Approvals(of: folders.map(\.folder), in: tree, for: self)
    /// The first change of a table that nobody has approved: the later ones were made on top of it.
    var unapproved: [TableInConnection: String] = [:]
    var told: [(open: OpenFolder, applied: AppliedChange)] = []
    // A stale or held change stops its own later ones only where those say that they replace nothing; each is judged alone.
    for folder in folders {
      var applied: AppliedChange
      let table = TableInConnection(connection: folder.connection, table: folder.table)
      do {
        if let earlier = unapproved[table] {
          applied = AppliedChange(of: folder, outcome: .waiting("\(earlier), which comes before it, is not approved"))
        } else {
          applied = try await apply(
            folder, in: destinations, tree: tree, statuses: &statuses, ledgers: &ledgers, approvals: &approvals,
            isDryRun: isDryRun)
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        applied = AppliedChange(of: folder, outcome: .failed("\(error)"))
      }
      switch applied.outcome {
      case .applied, .adopted, .stale, .withdrawn: break
      case .unapproved:
        unapproved[table] = applied.change
        unfinished.insert(table)
      case .waiting, .held, .failed, .planned:
        unfinished.insert(table)
      }
      if case .failed = applied.outcome, !isDryRun, let destination = destinations[folder.destination] {
        // It may have opened the breaker.
        let known = (try? ledgers[folder.destination]?.get()) ?? []
        ledgers[folder.destination] = try await outcome { try await destination.warehouse.ledger(after: known) }
      }
      report.applied.append(applied)
      told.append((folder, applied))
      if !isDryRun { await announce(applied, report: &report) }
    }
    report.brakes = allBrakes(in: ledgers)
    if !isDryRun { for brake in report.brakes { await announce(brake, report: &report) } }
    if !isDryRun { try await tellForge(told, approvals: &approvals, report: &report) }
    return unfinished
  }

  private func apply(
    _ open: OpenFolder, in destinations: [DestinationName: Destination], tree: RepositoryTree,
    statuses: inout [ConnectionStatus], ledgers: inout Ledgers,
    approvals: inout Approvals, isDryRun: Bool
  ) async throws -> AppliedChange {
    var applied = AppliedChange(of: open, outcome: .held(open.problem ?? ""))
    guard let change = open.change else { return applied }
    guard let destination = destinations[open.destination] else {
      throw ConfigurationError("destination \"\(open.destination)\" is not configured")
    }
    var ledger = try ledgers[open.destination]?.get() ?? []
    let pending = try await pending(open, change: change, tree: tree, dialect: destination.dialect)
    if !ledger.contains(where: { $0.kind == "ledger" }) {
      // Without a ledger nobody knows what ran: what is there is adopted, the rest waits for a person.
      return try await adoptIfThere(pending, destination: destination, isDryRun: isDryRun)
    }
    var work = Undertaking(
      pending: pending, destination: destination, landing: approvals.landing(of: open)?.commit, holder: holder.name)
    switch try await approvals.approval(of: open) {
    case .missing(let reason, let wayOut):
      if !isDryRun { try await work.say(.approvalJudged, "missing: \(reason)") }
      applied.outcome = .unapproved(reason, wayOut: wayOut)
      return applied
    case .approved(let by, let isAcknowledging):
      work.approver = by
      if let by, isAcknowledging { work.pending.change = change.acknowledged(by: "\(by), by label") }
    }
    if let reason = stopped(work.pending, ledger) ?? outsideWindow(&work) {
      applied.outcome = .waiting(reason)
      return applied
    }
    if isDryRun {
      let (next, probe) = try await decision(on: work.pending, ledger, destination: destination, statuses: statuses)
      applied.outcome = overLimit(next, &work, probe, ledger).map { .waiting($0) } ?? planned(next)
      applied.steps = work.pending.remainingSteps(in: ledger).map(\.kind)
      applied.plan = try await plannedSteps(of: work.pending, ledger, dialect: destination.dialect)
      return applied
    }
    defer { ledgers[open.destination] = .success(ledger) }
    return try await undertake(work, knowing: &ledger, as: applied, statuses: &statuses)
  }

  private func planned(_ next: NextStep) -> AppliedChange.Outcome {
    switch next {
    case .hold(let reason), .refuse(let reason): .held(reason)
    case .stale(let reason): .stale(reason)
    case .wait(let reason): .waiting(reason)
    case .finish, .execute, .patch, .sync, .unpause, .record, .probeKeys: .planned
    }
  }
}

extension AppliedChange {
  init(of folder: Reconciler.OpenFolder, outcome: Outcome) {
    self.init(
      connection: folder.connection, table: folder.table,
      change: folder.change?.folder ?? folder.folder.path.split(separator: "/").last.map(String.init) ?? "",
      outcome: outcome, answers: folder.change?.findings.map(\.fingerprint) ?? [])
  }
}
