import DriftCore

extension Reconciler {
  /// Carries a change as far as it goes now. The lease of its target is taken before the first act, and everything is looked
  /// at again under it.
  ///
  /// - Parameter ledger: as it was read last, and is read here.
  func undertake(
    _ work: Undertaking, knowing ledger: inout [LedgerEntry], as applied: AppliedChange,
    statuses: inout [ConnectionStatus]
  ) async throws -> AppliedChange {
    var work = work
    do {
      let applied = try await stepped(&work, &ledger, applied, &statuses)
      await release(work)
      return applied
    } catch is CancellationError {
      throw CancellationError()
    } catch let lost as LeaseLost {
      // Where somebody else has it this is nothing.
      await release(work)
      var applied = applied
      applied.outcome = .waiting("\(lost)")
      return applied
    } catch {
      await release(work)
      throw error
    }
  }

  private func stepped(
    _ work: inout Undertaking, _ ledger: inout [LedgerEntry], _ begun: AppliedChange,
    _ statuses: inout [ConnectionStatus]
  ) async throws -> AppliedChange {
    var applied = begun
    let (pending, destination) = (work.pending, work.destination)
    var hasJustAsked = false
    var hasBegun = false
    var hasJustLooked = false
    var looked: Probe?
    for _ in 0..<stepsAtOnce {
      if let reason = stopped(pending, ledger) {
        applied.outcome = .waiting(reason)
        return applied
      }
      let (next, probe) = try await decision(
        on: pending, ledger, destination: destination, statuses: statuses, hasJustAsked: hasJustAsked,
        finding: looked)
      looked = nil
      if let reason = overLimit(next, &work, probe, ledger) ?? nextBatchOutsideWindow(next, &work) {
        applied.outcome = .waiting(reason)
        return applied
      }
      if next.isAct, work.lease == nil {
        switch try await take(pending.leased, in: destination.warehouse) {
        case .taken(let lease): work.lease = lease
        case .held(let other, let since, _):
          applied.outcome = .waiting("\(other) is at \(pending.leased)" + (since.map { ", since \($0)" } ?? ""))
          return applied
        }
        ledger = try await settled(destination.warehouse.ledger(after: ledger), work)
        continue
      }
      switch try await trial(next, &work, ledger) {
      case .ours: break
      case .taken:
        // What became of somebody else's decides.
        ledger = try await destination.warehouse.ledger(after: ledger)
        continue
      case .others(let reason):
        applied.outcome = .waiting(reason)
        return applied
      }
      if next.wantsNoSync, !hasJustLooked {
        statuses = try await during("listing the connections") { try await source.connections() }
        hasJustLooked = true
        continue
      }
      hasJustLooked = false
      if next.isAct, !hasBegun {
        try await beforeAct("begin \(pending.change.folder)")
        try await work.begin(probe)
        hasBegun = true
      }
      switch next {
      case .finish:
        try await beforeAct("finish \(pending.change.folder)")
        let detail =
          "\(pending.change.steps.count) steps" + (work.approver.map { "; approved by \($0)" } ?? "")
        try await work.record(.done, as: .changeApplied, detail: detail, probe: probe)
        applied.outcome = .applied
        return applied
      case .wait(let reason):
        applied.outcome = .waiting(reason)
        return applied
      case .hold(let reason):
        try await work.say(.changeHeld, reason, probe: probe)
        applied.outcome = .held(reason)
        return applied
      case .probeKeys:
        preconditionFailure("keys were just looked at")
      case .refuse(let reason):
        try await work.say(.changeRefused, reason, probe: probe)
        applied.outcome = .held(reason)
        return applied
      case .stale(let reason):
        try await beforeAct("stale \(pending.change.folder)")
        try await work.record(.stale, as: .changeStale, detail: reason, probe: probe)
        applied.outcome = .stale(reason)
        return applied
      case .execute, .patch, .sync, .unpause, .record:
        progress("\(applied.table): \(pending.change.folder)")
        do {
          try await tellPace(of: next, &work, probe, in: &applied)
          applied.steps.append(try await carryOut(next, of: work, probe: probe))
        } catch is CancellationError {
          throw CancellationError()
        } catch {
          // It is told as a failure anyway: one that cannot be written down either is told once.
          if !(error is LeaseLost) {
            _ = try await outcome { [work, ledger] in try await work.sayFailed(next, error, after: ledger) }
          }
          throw error
        }
        ledger = try await destination.warehouse.ledger(after: ledger)
        // What was only looked at and written down leaves all as it was.
        if case .record = next { looked = probe }
        if case .sync = next { hasJustAsked = true }
        switch next {
        case .patch, .sync, .unpause:
          // Other changes of the connection must see that a sync runs, or that one was cancelled.
          statuses = try await during("listing the connections") { try await source.connections() }
        default: break
        }
      }
    }
    applied.outcome = .waiting("more batches are left for the next run")
    return applied
  }

  private func release(_ work: Undertaking) async {
    if let lease = work.lease { await release(lease.all, of: work.destination) }
  }

  /// One that cannot be given back runs out by itself.
  func release(_ leases: [Lease], of destination: Destination) async {
    for lease in leases { try? await destination.warehouse.release(lease) }
  }
}

/// Steps and batches of one change in one run, so that one long backfill does not keep the others waiting for ever.
private let stepsAtOnce = 1_000
