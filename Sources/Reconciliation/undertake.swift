import DriftCore

extension Reconciler {
  /// Carries a change as far as it goes now. The lease of its target is taken before the first act, and everything is looked
  /// at again under it.
  func undertake(
    _ work: Undertaking, knowing ledger: [LedgerEntry], as applied: AppliedChange, statuses: inout [ConnectionStatus]
  ) async throws -> AppliedChange {
    var work = work
    do {
      let applied = try await stepped(&work, ledger, applied, &statuses)
      await release(work)
      return applied
    } catch is CancellationError {
      throw CancellationError()
    } catch let lost as LeaseLost {
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
    _ work: inout Undertaking, _ known: [LedgerEntry], _ begun: AppliedChange, _ statuses: inout [ConnectionStatus]
  ) async throws -> AppliedChange {
    var (ledger, applied) = (known, begun)
    let (pending, destination) = (work.pending, work.destination)
    var hasJustAsked = false
    var hasBegun = false
    var hasJustLooked = false
    for _ in 0..<stepsAtOnce {
      if let reason = stopped(pending, ledger) {
        applied.outcome = .waiting(reason)
        return applied
      }
      let (next, probe) = try await decision(
        on: pending, ledger, destination: destination, statuses: statuses, hasJustAsked: hasJustAsked)
      if let reason = overLimit(next, &work, probe, ledger) ?? nextBatchOutsideWindow(next, &work) {
        applied.outcome = .waiting(reason)
        return applied
      }
      if next.isAct, work.lease == nil {
        switch try await take(pending.leased, of: destination) {
        case .taken(let lease): work.lease = lease
        case .held(let other, let since, _):
          applied.outcome = .waiting("\(other) is at \(pending.leased)" + (since.map { ", since \($0)" } ?? ""))
          return applied
        }
        ledger = try await settled(destination.warehouse.ledger(), work)
        continue
      }
      switch try await trial(next, &work, ledger) {
      case .ours: break
      case .taken:
        // What became of somebody else's decides.
        ledger = try await destination.warehouse.ledger()
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
      case .execute, .patch, .sync, .record:
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
        ledger = try await destination.warehouse.ledger()
        if case .sync = next { hasJustAsked = true }
        switch next {
        case .patch, .sync:
          // Other changes of the connection must see that a sync runs, or that one was cancelled.
          statuses = try await during("listing the connections") { try await source.connections() }
        default: break
        }
      }
    }
    applied.outcome = .waiting("more batches are left for the next run")
    return applied
  }

  func take(_ target: TableName, of destination: Destination) async throws -> LeaseAnswer {
    try await beforeAct("take \(target)")
    let answer = try await destination.warehouse.take(target, as: holder.name, over: nil)
    guard case .held(let other, _, let token) = answer, holder.hasEnded(other) else { return answer }
    return try await destination.warehouse.take(target, as: holder.name, over: token)
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
