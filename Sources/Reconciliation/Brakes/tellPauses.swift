import DriftCore

extension Reconciler {
  /// What there is to say where nothing is done. Returns whether nothing is left for the next run.
  func told(
    _ decision: PauseDecision, _ scene: PauseScene, _ ledger: [LedgerEntry], report: inout RunReport
  ) async -> Bool {
    if let pause = standingPause(of: scene.name, in: ledger, of: scene.policy.destination), pause.isSet,
      !report.pauses.contains(where: { $0.connection == scene.name && $0.state == .paused })
    {
      await announce(
        PauseReport(connection: scene.name, state: .stands, text: pause.text, until: pause.until), report: &report)
    }
    guard case .later(let reason) = decision else { return true }
    let told = PauseReport(connection: scene.name, state: .notPaused, text: reason)
    report.tell(told)
    return false
  }

  /// In a dry run: what would be sent, byte for byte.
  func tellPlanned(
    _ decision: PauseDecision, _ scene: PauseScene, _ ledger: [LedgerEntry], report: inout RunReport
  ) -> Bool {
    let (name, id) = (scene.name, scene.policy.id)
    switch decision {
    case .pause(let pause):
      report.tell(
        PauseReport(
          connection: name, state: .wouldPause, text: pause.reason, until: pause.until,
          request: preview?.request(forPausing: true, of: id)))
    case .resume(let pause, let end):
      report.tell(
        PauseReport(
          connection: name, state: .wouldResume, text: "\(end.words): \(pause.reason)",
          request: preview?.request(forPausing: false, of: id)))
    case .later(let reason): report.tell(PauseReport(connection: name, state: .notPaused, text: reason))
    case .rest, .confirm, .conclude:
      if let pause = standingPause(of: name, in: ledger, of: scene.policy.destination) {
        report.tell(PauseReport(connection: name, state: .stands, text: pause.text, until: pause.until))
      }
    }
    return true
  }

  /// The pause of a connection as it is, or is about to be, for the pull requests that it waits for.
  func pauseShown(
    on connection: Observed, open: [PausingFinding], ledger: [LedgerEntry]
  ) -> ConnectionPause? {
    let scene = PauseScene(name: connection.name, policy: connection.policy, open: open, now: now())
    switch scene.decision(ledger, [connection.status]) {
    case .pause(let pause), .confirm(let pause): return pause
    case .rest: return standingPause(of: connection.name, in: ledger, of: connection.policy.destination)
    case .resume, .conclude, .later: return nil
    }
  }

  /// Red findings of a connection that nobody has answered: neither refused nor, where the connection is paused for them,
  /// merged and applied.
  func pausingFindings(
    of told: ConnectionReport, ledger: [LedgerEntry], refusals: RefusalsInForce, applied: [AppliedChange]
  ) -> [PausingFinding] {
    guard let policy = project.connections[told.name] else { return [] }
    let pausedFor = Set(standingPause(of: told.name, in: ledger, of: policy.destination)?.findings ?? [])
    var open: [PausingFinding] = []
    func add(_ changes: [ClassifiedChange], _ standing: Standing, _ place: String) {
      for change in changes where change.isOfTheLanding && !refusals.findings.contains(change.fingerprint) {
        let isRed =
          switch standing {
          // A pull request that stands may carry what a model said, which is not asked again.
          case .open: change.colour == .red || (model != nil && pausedFor.contains(change.fingerprint))
          case .drifted, .reported: change.colour == .red
          case .unreadable: pausedFor.contains(change.fingerprint)
          case .refused, .applying: false
          }
        if !isRed { continue }
        let part = change.change.part.map { ".\($0)" } ?? ""
        open.append(PausingFinding(fingerprint: change.fingerprint, subject: place + part))
      }
    }
    add(told.changes, told.standing, told.name.text)
    for table in told.tables { add(table.changes, table.standing, "\(table.table)") }
    // What was merged is answered once it is applied.
    for change in applied where change.connection == told.name && change.isUnfinished {
      let merged = pausedFor.intersection(change.answers)
      open += merged.sorted().map { PausingFinding(fingerprint: $0, subject: "\(change.table)") }
    }
    return open
  }
}

extension ClassifiedChange {
  /// What people did in git lands nothing: there is no reason to pause for it.
  fileprivate var isOfTheLanding: Bool {
    switch change {
    case .changeWithdrawn, .contractEdited, .mappingEdited: false
    default: true
    }
  }
}

extension AppliedChange {
  fileprivate var isUnfinished: Bool {
    switch outcome {
    case .waiting, .held, .unapproved, .failed, .planned: true
    case .applied, .adopted, .stale, .withdrawn: false
    }
  }
}
