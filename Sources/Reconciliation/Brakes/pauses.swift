package import DriftCore

extension Reconciler {
  /// Ends the pauses that are over, and writes down what became of others, before anything else is done: whether a finding is
  /// open does not matter for that.
  func endPauses(
    of chosen: [Chosen], statuses: inout [ConnectionStatus], ledgers: inout Ledgers, isDryRun: Bool,
    report: inout RunReport
  ) async throws {
    for (name, policy) in chosen {
      guard case .success(let ledger)? = ledgers[policy.destination],
        standingPause(of: name, in: ledger, of: policy.destination) != nil
      else { continue }
      try await keepPause(
        on: name, policy: policy, open: nil, statuses: statuses, ledgers: ledgers, isDryRun: isDryRun, report: &report)
      let hasActed = report.pauses.contains { $0.connection == name && $0.state != .stands }
      if isDryRun || !hasActed { continue }
      statuses = try await during("listing the connections") { try await source.connections() }
      ledgers.merge(try await self.ledgers(for: [policy])) { $1 }
    }
  }

  /// Does what `pauseDecision` says, and tells what became of it. What goes wrong is told as well, and the run goes on.
  ///
  /// - Parameter open: red findings that nobody has answered; nil where nobody has looked.
  /// - Returns: whether nothing is left for the next run.
  @discardableResult
  func keepPause(
    on name: ConnectionName, policy: ConnectionPolicy, open: [PausingFinding]?, statuses: [ConnectionStatus],
    ledgers: Ledgers, isDryRun: Bool, report: inout RunReport
  ) async throws -> Bool {
    guard let destination = destinations[policy.destination], case .success(let ledger)? = ledgers[policy.destination]
    else { return true }
    let scene = PauseScene(name: name, policy: policy, open: open, now: now())
    let decision = scene.decision(ledger, statuses)
    if isDryRun { return tellPlanned(decision, scene, ledger, report: &report) }
    if !decision.isAct { return await told(decision, scene, ledger, report: &report) }
    let done = try await outcome { try await carryOut(scene, in: destination, report: report) }
    switch done {
    case .success(let acted):
      for pause in acted.told { await announce(pause, report: &report) }
      return await told(acted.rest, scene, acted.ledger, report: &report)
    case .failure(let error) where error is LeaseLost:
      // Whoever is at it does what is to be done.
      _ = await told(.rest, scene, ledger, report: &report)
      return false
    case .failure(let error):
      report.tell(PauseReport(connection: name, state: .failed, text: "\(error)"))
      return false
    }
  }

  private typealias Acted = (told: [PauseReport], rest: PauseDecision, ledger: [LedgerEntry])

  /// Under the lease of the connection's pause everything is looked at again, until there is nothing left to do.
  private func carryOut(_ scene: PauseScene, in destination: Destination, report: RunReport) async throws -> Acted {
    try await leased(scene.name, in: destination) { lease in
      var told: [PauseReport] = []
      for _ in 0..<actsAtOnce {
        let (ledger, statuses) = try await look(destination)
        let decision = scene.decision(ledger, statuses)
        switch decision {
        case .rest, .later: return (told, decision, ledger)
        case .pause(let pause):
          try await record(pause.setting(.intended, in: scene.policy.destination), destination, lease)
          try await set(true, scene.policy.id, scene.name)
          try await record(pause.setting(.done, in: scene.policy.destination), destination, lease)
          told.append(PauseReport(connection: scene.name, state: .paused, text: pause.text, until: pause.until))
        case .confirm(let pause):
          try await record(pause.setting(.done, in: scene.policy.destination), destination, lease)
          told.append(PauseReport(connection: scene.name, state: .paused, text: pause.text, until: pause.until))
        case .resume(let pause, let end):
          told.append(try await self.end(pause, as: end, scene.policy, destination, lease))
        case .conclude(let pause, let end):
          try await record(pause.ending(.done, as: end, in: scene.policy.destination), destination, lease)
          told.append(PauseReport(connection: scene.name, state: .resumed, text: end.words))
        }
      }
      return (told, .later("it does not come to rest"), try await destination.warehouse.ledger())
    }
  }

  /// Ends the pause on a person's word. Returns nil where there is none.
  package func endPause(on name: ConnectionName, by person: String) async throws -> PauseReport? {
    guard let policy = project.connections[name], let destination = destinations[policy.destination] else { return nil }
    guard
      standingPause(of: name, in: try await destination.warehouse.ledger(), of: policy.destination) != nil
    else { return nil }
    return try await leased(name, in: destination) { lease in
      let (ledger, statuses) = try await look(destination)
      guard let pause = standingPause(of: name, in: ledger, of: policy.destination) else { return nil }
      if statuses.first(where: { $0.id == policy.id })?.isPaused != true {
        try await record(pause.ending(.done, as: .lifted, by: person, in: policy.destination), destination, lease)
        return PauseReport(connection: name, state: .resumed, text: pause.reason)
      }
      return try await end(pause, as: .lifted, by: person, policy, destination, lease)
    }
  }

  /// Lets the connection go on for a merged change that answers what it was paused for.
  func resume(_ pause: ConnectionPause, in work: Undertaking) async throws -> String {
    guard let policy = project.connections[pause.connection] else {
      throw ConfigurationError("connection is not configured")
    }
    return try await leased(pause.connection, in: work.destination) { lease in
      _ = try await end(pause, as: .answered, policy, work.destination, lease)
      return "resumed the connection, which was paused because of \(pause.reason)"
    }
  }

  // MARK: Acts

  private func end(
    _ pause: ConnectionPause, as end: ConnectionPause.End, by person: String? = nil, _ policy: ConnectionPolicy,
    _ destination: Destination, _ lease: Lease
  ) async throws -> PauseReport {
    try await record(pause.ending(.intended, as: end, by: person, in: policy.destination), destination, lease)
    try await set(false, policy.id, pause.connection)
    try await record(pause.ending(.done, as: end, by: person, in: policy.destination), destination, lease)
    return PauseReport(connection: pause.connection, state: .resumed, text: "\(end.words): \(pause.reason)")
  }

  /// An error does not mean that it did not work: the connection itself says.
  private func set(_ isPaused: Bool, _ id: ConnectionID, _ name: ConnectionName) async throws {
    let verb = isPaused ? "pause" : "resume"
    guard let pauser else { throw ConfigurationError("nothing is set up that could \(verb) \"\(name)\"") }
    try await beforeAct("\(verb) \(name)")
    let sent = try await outcome {
      try await during("\(isPaused ? "pausing" : "resuming") \"\(name)\"") {
        try await pauser.setPaused(isPaused, on: id)
      }
    }
    guard case .failure(let error) = sent else { return }
    let statuses = try await outcome { try await source.connections() }
    if (try? statuses.get())?.first(where: { $0.id == id })?.isPaused != isPaused { throw error }
  }

  private func record(_ entry: LedgerEntry, _ destination: Destination, _ lease: Lease) async throws {
    try await beforeAct("record \(entry.kind) \(entry.state.rawValue) \(entry.step.table.name)")
    var audit = signed(AuditRecord(of: entry))
    audit.token = lease.token
    try await during("writing to the ledger of \"\(entry.step.destination)\"") { [audit] in
      try await destination.warehouse.record(entry, audit: audit, under: lease)
    }
  }

  /// The ledger first: what it says of the connection was so before.
  private func look(_ destination: Destination) async throws -> ([LedgerEntry], [ConnectionStatus]) {
    let ledger = try await destination.warehouse.ledger()
    return (ledger, try await during("listing the connections") { try await source.connections() })
  }

  private func leased<Value: Sendable>(
    _ name: ConnectionName, in destination: Destination, _ work: (Lease) async throws -> Value
  ) async throws -> Value {
    let target = TableName(schema: "connection", name: name.text)
    guard case .taken(let lease) = try await take(target, in: destination.warehouse) else { throw LeaseLost(target) }
    do {
      let value = try await work(lease)
      try? await destination.warehouse.release(lease)
      return value
    } catch {
      if !(error is CancellationError) { try? await destination.warehouse.release(lease) }
      throw error
    }
  }
}

/// What is known of a connection when its pause is decided.
struct PauseScene: Sendable {
  var name: ConnectionName
  var policy: ConnectionPolicy
  var open: [PausingFinding]?
  var now: Timestamp

  func decision(_ ledger: [LedgerEntry], _ statuses: [ConnectionStatus]) -> PauseDecision {
    pauseDecision(
      on: name, policy: policy, open: open,
      pauses: connectionPauses(in: ledger, of: policy.destination)[name] ?? [],
      status: statuses.first { $0.id == policy.id }, at: now)
  }
}

/// A pause whose line was missing may be over already: that is two.
private let actsAtOnce = 4
