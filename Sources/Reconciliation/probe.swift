import DriftCore

extension Reconciler {
  /// What comes next, and what it was decided on.
  ///
  /// - Parameter looked: what was found a moment ago, where nothing has been changed since.
  func decision(
    on pending: PendingChange, _ ledger: [LedgerEntry], destination: Destination, statuses: [ConnectionStatus],
    hasJustAsked: Bool = false, finding looked: Probe? = nil
  ) async throws -> (NextStep, Probe) {
    var probe: Probe
    if let looked {
      probe = looked
    } else {
      probe = try await self.probe(pending, destination: destination, statuses: statuses)
    }
    probe.sharedKeys = nil
    probe.hasJustAsked = hasJustAsked
    let next = nextStep(of: pending, ledger: ledger, probe: probe)
    guard case .probeKeys(let keys) = next else { return (next, probe) }
    probe.sharedKeys = try await sharedKeys(among: keys, destination: destination)
    return (nextStep(of: pending, ledger: ledger, probe: probe), probe)
  }

  /// The live systems, as far as the change is about them.
  func probe(
    _ pending: PendingChange, destination: Destination, statuses: [ConnectionStatus]
  ) async throws -> Probe {
    let change = pending.change
    let policy = project.connections[change.connection]
    let names = [change.target, change.keptView, change.table].compactMap { $0 }
    let tables = try await during("reading \(names.map { "\"\($0)\"" }.joined(separator: " and "))") {
      // Of a catalogue nobody knows who may do what with a view.
      try await change.keptView == nil ? destination.tables(names) : destination.warehouse.tables(names)
    }
    var settings: ConnectionSettings?
    let needsSettings = change.steps.contains { step in
      switch step.work {
      case .fivetran, .verify(.setting): true
      case .ddl, .backfill, .sync, .wait, .verify: false
      }
    }
    if needsSettings, let policy {
      settings = try await during("reading the settings of \"\(change.connection)\"") {
        try await source.settings(of: policy.id)
      }
    }
    return Probe(
      target: change.target.flatMap { tables[$0] }, kept: change.keptView.flatMap { tables[$0] },
      landed: tables[change.table].map { ObservedTable(landed: $0, dialect: destination.dialect) },
      connection: statuses.first { $0.id == policy?.id }, settings: settings,
      settingsOwner: policy?.settingsOwner ?? .mooring, dialect: destination.dialect)
  }

  /// Keys that two rows share.
  func sharedKeys(among keys: [TableKey], destination: Destination) async throws -> [TableKey] {
    var shared: [TableKey] = []
    for key in keys {
      let isShared = try await during("looking for rows that share a key of \(key)") {
        try await destination.warehouse.hasSharedKeys(key)
      }
      if isShared { shared.append(key) }
    }
    return shared
  }
}
