import DriftCore

extension Reconciler {
  /// Why no step of the change runs now, and the way out; nil where nothing is in the way.
  func stopped(_ pending: PendingChange, _ ledger: [LedgerEntry]) -> String? {
    let all = brakes(in: ledger, of: pending.destination, at: now())
    return brake(on: pending.change.table, of: pending.change.connection, among: all)?.text
  }

  /// Every brake of the destinations, for people; a ledger that cannot be read has said so elsewhere.
  func allBrakes(in ledgers: Ledgers) -> [Brake] {
    let now = now()
    return ledgers.sorted { $0.key < $1.key }.flatMap { name, entries in
      brakes(in: (try? entries.get()) ?? [], of: name, at: now)
    }
  }

  /// While a breaker is half open, tables whose last step failed come last.
  func inOrder(_ folders: [OpenFolder], ledgers: Ledgers) -> [OpenFolder] {
    var troubled: [DestinationName: Set<TableName>] = [:]
    for (name, entries) in ledgers {
      guard let ledger = try? entries.get() else { continue }
      if case .halfOpen = breaker(in: ledger, of: name, at: now()) {
        troubled[name] = troubledTables(in: ledger, of: name)
      }
    }
    if troubled.isEmpty { return folders }
    func isTroubled(_ folder: OpenFolder) -> Bool { troubled[folder.destination]?.contains(folder.table) ?? false }
    return folders.filter { !isTroubled($0) } + folders.filter(isTroubled)
  }
}
