/// What comes next where a sync is needed of a connection that is paused: what Mooring paused for a finding that this very
/// change answers goes on now, anything else waits.
func paused(_ pending: PendingChange, _ ledger: [LedgerEntry]) -> NextStep {
  let connection = pending.change.connection
  guard let pause = standingPause(of: connection, in: ledger, of: pending.destination), pause.isSet else {
    return .wait("the connection is paused in Fivetran: resume it there")
  }
  return pending.change.answers(pause) ? .unpause(pause) : .wait("the connection is \(pause.text)")
}

extension Step {
  /// Whether nothing comes of it while the connection is paused.
  package var needsSync: Bool {
    switch work {
    case .sync, .wait(.synced): true
    case .ddl, .backfill, .fivetran, .wait, .verify: false
    }
  }
}

extension Change {
  /// Whether a finding that the connection was paused for is answered by merging this.
  package func answers(_ pause: ConnectionPause) -> Bool {
    let findings = Set(pause.findings)
    return self.findings.contains { findings.contains($0.fingerprint) }
  }
}
