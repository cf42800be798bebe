package import DriftCore

extension Reconciler {
  /// What became of a person's word.
  package struct Answer: Sendable {
    /// Nothing was written where it was said before.
    package var isNew: Bool
    /// What stops the scope now, whoever stopped it.
    package var brakes: [Brake]
  }

  /// Stops applying until somebody says to go on, or the time is over. Proposing goes on.
  package func hold(
    _ scope: HoldScope, by person: String, because reason: String?, until end: Timestamp?
  ) async throws -> Answer {
    let word = PersonsWord(.hold, scope, by: person, reason: reason, until: end)
    return try await say(word) { ledger, destination in
      holds(in: ledger, of: destination, at: now()).contains {
        $0.scope == scope && $0.by == person && $0.reason == reason && $0.until == end
      }
    }
  }

  /// Lets go what a person holds there, and closes the breaker of a destination.
  package func resume(_ scope: HoldScope, by person: String) async throws -> Answer {
    try await say(PersonsWord(.resume, scope, by: person)) { ledger, destination in
      !brakes(in: ledger, of: destination, at: now()).contains { $0.scope == scope }
    }
  }

  private func say(
    _ word: PersonsWord, unless isSaid: ([LedgerEntry], DestinationName) -> Bool
  ) async throws -> Answer {
    guard let name = project.destination(of: word.scope), let destination = destinations[name] else {
      throw ConfigurationError("\"\(word.scope)\" is in no destination that is configured")
    }
    var ledger = try await during("reading the ledger of \"\(name)\"") { try await destination.warehouse.ledger() }
    let isNew = !isSaid(ledger, name)
    if isNew {
      let entry = word.entry(in: name, after: ledger)
      try await beforeAct("\(word.word.rawValue) \(word.scope)")
      try await during("writing to the ledger of \"\(name)\"") {
        try await destination.warehouse.record(entry, audit: signed(AuditRecord(of: entry)), under: nil)
      }
      ledger = try await during("reading the ledger of \"\(name)\"") { try await destination.warehouse.ledger() }
    }
    let standing = brakes(in: ledger, of: name, at: now()).filter { $0.scope.touches(word.scope) }
    return Answer(isNew: isNew, brakes: standing)
  }
}
