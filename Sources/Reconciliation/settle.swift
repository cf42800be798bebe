import DriftCore

extension Reconciler {
  /// The ledger, after the step that is next was looked up: a process may have ended between its effect and its line, and the
  /// target would look as if somebody else had changed it.
  func settled(_ ledger: [LedgerEntry], _ work: Undertaking) async throws -> [LedgerEntry] {
    let pending = work.pending
    let done = Set(
      ledger.filter { $0.state == .done && $0.step.part == 0 && $0.digest == pending.folder.digest }.map(\.step))
    guard let step = pending.change.steps.first(where: { !done.contains(pending.id(of: $0.ordinal)) }) else {
      return ledger
    }
    switch step.work {
    case .ddl, .backfill: break
    case .fivetran, .sync, .wait, .verify: return ledger
    }
    let entry = pending.entry(.done, step: step.ordinal, kind: step.kind)
    let audit = work.signed(pending.audit(.stepSettled, of: step, detail: "found to have taken effect"))
    let warehouse = work.destination.warehouse
    return try await warehouse.settle(entry, audit: audit) ? warehouse.ledger() : ledger
  }
}
