import DriftCore

extension Reconciler {
  /// One step, with its intent written first where its effect lies outside the destination's transaction.
  func carryOut(
    _ next: NextStep, of pending: PendingChange, destination: Destination, probe: Probe
  ) async throws -> String {
    let policy = project.connections[pending.change.connection]
    switch next {
    case .execute(let step, let statement, let parameters, let part):
      try await beforeAct("execute \(pending.id(of: step.ordinal, part: part))")
      let outcome = try await destination.warehouse.execute(
        MergedStatement(
          text: pending.statements[statement - 1], parameters: parameters,
          entry: pending.entry(.done, step: step.ordinal, part: part, kind: step.kind)))
      let words = pending.change.actions[statement - 1].words
      if part == 0 { return words }
      guard case .done(let row?) = outcome, let rows = row.last ?? nil else {
        return "\(words), batch \(part)"
      }
      return "\(words), batch \(part): \(rows) rows"
    case .patch(let step, let patch):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      if policy.settingsOwner != .mooring {
        throw ConfigurationError(
          "settings of \"\(pending.change.connection)\" belong to \(policy.settingsOwner.rawValue): set \(patch.words) there"
        )
      }
      try await destination.warehouse.record(
        pending.entry(.intended, step: step.ordinal, kind: step.kind, detail: patch.words))
      try await beforeAct("patch \(pending.id(of: step.ordinal))")
      try await source.patch(patch, on: policy.id)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: patch.words))
      return "set \(patch.words) in Fivetran"
    case .sync(let step, let tables):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      // Fivetran's own clock: the wait that follows looks for a success later than this one.
      let before = probe.connection?.succeededAt?.description ?? "1970-01-01T00:00:00Z"
      if !tables.isEmpty {
        try await destination.warehouse.record(
          pending.entry(.intended, step: step.ordinal, kind: step.kind, detail: before))
      }
      try await beforeAct("sync \(pending.id(of: step.ordinal))")
      try await source.sync(policy.id, resync: tables)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: before))
      return "asked Fivetran for a sync"
    case .record(let step, let detail):
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await destination.warehouse.record(
        pending.entry(.done, step: step.ordinal, kind: step.kind, detail: detail))
      return "\(step.kind): \(detail)"
    case .finish, .wait, .hold, .stale, .probeKeys:
      preconditionFailure("\(next) is no act")
    }
  }
}
