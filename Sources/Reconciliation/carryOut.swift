import DriftCore

extension Reconciler {
  /// One step, with its intent written first where its effect lies outside the destination's transaction.
  func carryOut(_ next: NextStep, of work: Undertaking, probe: Probe) async throws -> String {
    let pending = work.pending
    let policy = project.connections[pending.change.connection]
    switch next {
    case .execute(let step, let statement, let parameters, let part):
      try await beforeAct("execute \(pending.id(of: step.ordinal, part: part))")
      let outcome = try await work.destination.warehouse.execute(
        work.statement(step, statement, parameters, part: part, probe))
      let words = pending.change.actions[statement - 1].words
      if part == 0 { return words }
      guard case .done(let row?) = outcome, let rows = row.last ?? nil else {
        return "\(words), batch \(part)"
      }
      return "\(words), batch \(part): \(rows) rows"
    case .patch(let step, let patch):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      precondition(policy.settingsOwner == .mooring, "a setting is changed that is not Mooring's")
      try await work.record(.intended, as: .stepIntended, of: step, detail: patch.words, probe: probe)
      try await beforeAct("patch \(pending.id(of: step.ordinal))")
      try await source.patch(patch, on: policy.id)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await work.record(.done, as: .stepDone, of: step, detail: patch.words, probe: probe)
      return "set \(patch.words) in Fivetran"
    case .sync(let step, let tables):
      guard let policy else { throw ConfigurationError("connection is not configured") }
      // Fivetran's own clock: the wait that follows looks for a success later than this one.
      let before = probe.connection?.succeededAt?.description ?? "1970-01-01T00:00:00Z"
      if tables.isEmpty {
        // Asked for again it is one sync all the same: nothing is in the ledger until it was asked for.
        let audit = pending.audit(.stepIntended, of: step, detail: before, probe: probe)
        try await work.destination.warehouse.append([work.signed(audit)])
      } else {
        try await work.record(.intended, as: .stepIntended, of: step, detail: before, probe: probe)
      }
      try await beforeAct("sync \(pending.id(of: step.ordinal))")
      try await source.sync(policy.id, resync: tables)
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await work.record(.done, as: .stepDone, of: step, detail: before, probe: probe)
      return "asked Fivetran for a sync"
    case .unpause(let pause): return try await resume(pause, in: work)
    case .record(let step, let detail):
      try await beforeAct("record \(pending.id(of: step.ordinal))")
      try await work.record(
        .done, as: step.isLookedAt ? .stepDone : .stepAdopted, of: step, detail: detail, probe: probe)
      return "\(step.kind): \(detail)"
    case .finish, .wait, .hold, .refuse, .stale, .probeKeys:
      preconditionFailure("\(next) is no act")
    }
  }
}

extension Step {
  /// Whether it changes nothing: it is done once what it looks for is there.
  fileprivate var isLookedAt: Bool {
    switch work {
    case .wait, .verify: true
    case .ddl, .backfill, .fivetran, .sync: false
    }
  }
}
