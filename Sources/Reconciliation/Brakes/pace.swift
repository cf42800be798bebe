import DriftCore

extension Reconciler {
  /// Why the change is not begun, or not gone on with, at this time. One that is under way goes on to the next thing it
  /// waits for: half of a swap would leave a column without its name.
  func outsideWindow(_ work: inout Undertaking) -> String? {
    let windows = paces(of: work.pending).map(\.pace.windows)
    return closedWindow(windows, at: now()).flatMap { unlessUrgent($0, &work) }
  }

  /// A long backfill can stop at any batch.
  func nextBatchOutsideWindow(_ next: NextStep, _ work: inout Undertaking) -> String? {
    guard case .execute(_, _, _, let part) = next, part > 1 else { return nil }
    return outsideWindow(&work)
  }

  /// Why the step waits because enough was done in the last hour.
  func overLimit(
    _ next: NextStep, _ work: inout Undertaking, _ probe: Probe, _ ledger: [LedgerEntry]
  ) -> String? {
    let limits = paces(of: work.pending).map { (scope: $0.scope, limits: $0.pace.limits) }
    let bytes = work.pending.rewrittenBytes(by: next, probe: probe)
    let reason = limit(on: next, of: work.pending, bytes: bytes, ledger: ledger, limits: limits, at: now())
    return reason.flatMap { unlessUrgent($0, &work) }
  }

  /// Before the step: on whose word it runs at this time, and, where that is limited, how much it writes again.
  func tellPace(
    of next: NextStep, _ work: inout Undertaking, _ probe: Probe, in applied: inout AppliedChange
  ) async throws {
    if let overridden = work.overridden {
      try await work.say(.paceOverridden, overridden)
      applied.steps.append(overridden)
      work.overridden = nil
    }
    guard case .execute(let step, _, _, _) = next,
      let bytes = work.pending.rewrittenBytes(by: next, probe: probe),
      paces(of: work.pending).contains(where: { $0.pace.limits.rewrittenBytes != nil })
    else { return }
    let entry = work.pending.rewriting(bytes, by: step)
    let audit = work.pending.audit(.stepIntended, of: step, detail: entry.detail, probe: probe)
    try await work.destination.warehouse.record(entry, audit: work.signed(audit), under: work.lease)
  }

  private func unlessUrgent(_ reason: String, _ work: inout Undertaking) -> String? {
    guard let urgentFor else { return "\(reason). A person may have it applied at once: mooring apply --now" }
    work.overridden = "on the word of \(urgentFor) (--now) although \(reason)"
    return nil
  }

  private func paces(of pending: PendingChange) -> [(scope: HoldScope, pace: ApplyPace)] {
    let (destination, connection) = (pending.destination, pending.change.connection)
    return [
      (.destination(destination), project.destinations[destination]?.pace ?? ApplyPace()),
      (.connection(connection), project.connections[connection]?.pace ?? ApplyPace()),
    ]
  }
}
