import DriftCore

extension Reconciler {
  /// Every statement and every request that the change still has before it, in order and to the byte.
  func plannedSteps(
    of pending: PendingChange, _ ledger: [LedgerEntry], dialect: Dialect
  ) async throws -> [PlannedStep] {
    let texts = stepTexts(of: pending.change, dialect: dialect)
    let policy = project.connections[pending.change.connection]
    var planned: [PlannedStep] = []
    var pause = standingPause(of: pending.change.connection, in: ledger, of: pending.destination)
    for step in pending.remainingSteps(in: ledger) {
      if let standing = pause, step.needsSync, pending.change.answers(standing), let policy {
        planned.append(
          PlannedStep(
            text: "resume the connection, which is \(standing.text)",
            sent: preview.map { "\($0.request(forPausing: false, of: policy.id))" }))
        pause = nil
      }
      let place = pending.change.steps.firstIndex(of: step) ?? 0
      var plan = PlannedStep(text: texts[place], sent: pending.statement(of: step))
      if case .backfill(_, let batch) = step.work, dialect.fillsInBatches {
        plan.text += "; sent with the last key of the batch before and \(batch), until no row is left"
      }
      if let policy, let preview {
        switch step.work {
        case .fivetran where policy.settingsOwner != .mooring:
          plan.text += ": not sent, because settings belong to \(policy.settingsOwner.rawValue)"
        case .fivetran(let patch):
          let request = try await during("reading the settings of \"\(pending.change.connection)\"") {
            try await preview.request(for: patch, on: policy.id)
          }
          plan.sent = request?.description
          if request == nil { plan.text += ": not sent, because it is so already" }
        case .sync(let tables): plan.sent = "\(preview.request(forSyncOf: policy.id, resync: tables))"
        case .ddl, .backfill, .wait, .verify: break
        }
      }
      planned.append(plan)
    }
    return planned
  }
}
