import DriftCore

extension Reconciler {
  /// The ledger, after what an earlier process did and could not write down was looked up.
  ///
  /// A process may have ended between the effect of the step that is next and its line: the target would look as if somebody
  /// else had changed it. Where lines run ahead of the audit log, it may have ended between a line and its record.
  func settled(_ ledger: [LedgerEntry], _ work: Undertaking) async throws -> [LedgerEntry] {
    let pending = work.pending
    let done = Set(
      ledger.filter { $0.state == .done && $0.step.part == 0 && $0.digest == pending.folder.digest }.map(\.step))
    let warehouse = work.destination.warehouse
    func found(_ step: Step) -> AuditRecord {
      work.signed(pending.audit(.stepSettled, of: step, detail: "found to have taken effect"))
    }
    if warehouse.linesRunAhead {
      let run = pending.change.steps.filter { $0.runsStatement && done.contains(pending.id(of: $0.ordinal)) }
      if !run.isEmpty { try await warehouse.append(run.map(found)) }
    }
    guard let step = pending.change.steps.first(where: { !done.contains(pending.id(of: $0.ordinal)) }) else {
      return ledger
    }
    guard step.runsStatement else { return ledger }
    let entry = pending.entry(.done, step: step.ordinal, kind: step.kind)
    return try await warehouse.settle(entry, audit: found(step)) ? warehouse.ledger() : ledger
  }
}

extension Step {
  fileprivate var runsStatement: Bool {
    switch work {
    case .ddl, .backfill: true
    case .fivetran, .sync, .wait, .verify: false
    }
  }
}
