/// What is to be done about the pause of a connection.
package enum PauseDecision: Hashable, Sendable {
  /// Nothing.
  case rest
  /// Write that it is intended, unless that is written, and pause the connection.
  case pause(ConnectionPause)
  /// The connection is paused, and that it was intended is on record: write that it was done.
  case confirm(ConnectionPause)
  /// Write that it ends, and resume the connection.
  case resume(ConnectionPause, ConnectionPause.End)
  /// The connection goes on already: write that it has ended.
  case conclude(ConnectionPause, ConnectionPause.End)
  /// It should be paused and is not, for this reason; the next run looks again.
  case later(String)

  package var isAct: Bool {
    switch self {
    case .rest, .later: false
    case .pause, .confirm, .resume, .conclude: true
    }
  }
}

/// Decides from the red findings, the ledger and what is live now. Carried out and asked again it comes to rest.
///
/// What Mooring did not pause it never resumes; what it did, it resumes at the first look after `until`, whatever else is
/// known or asked for. Who resumes by hand has the last word about these findings, and so has the end of the longest time.
///
/// - Parameters:
///   - open: red findings that nobody has answered; nil where nobody has looked, or what was read proves nothing.
///   - pauses: every one of this connection, oldest first.
///   - status: nil where Fivetran does not list the connection.
package func pauseDecision(
  on connection: ConnectionName, policy: ConnectionPolicy, open: [PausingFinding]?, pauses: [ConnectionPause],
  status: ConnectionStatus?, at now: Timestamp
) -> PauseDecision {
  guard let status else { return .rest }
  let answered = Set(pauses.filter { $0.end?.isLastWord ?? false }.flatMap(\.findings))
  let red = open?.filter { !answered.contains($0.fingerprint) }
  if let standing = pauses.last(where: { $0.end == nil }) {
    return decision(on: standing, policy: policy, red: red, status: status, at: now)
  }
  guard let red, !red.isEmpty, policy.mode != .observe, let longest = policy.longestPause, !status.isPaused
  else { return .rest }
  if policy.settingsOwner != .mooring {
    return .later("its settings belong to \(policy.settingsOwner.rawValue): pause it there if it is to wait")
  }
  if let reason = status.notPausedNow { return .later(reason) }
  return .pause(
    ConnectionPause(
      number: (pauses.map(\.number).max() ?? 0) + 1, connection: connection, findings: red, since: now,
      until: now.adding(longest)))
}

private func decision(
  on pause: ConnectionPause, policy: ConnectionPolicy, red: [PausingFinding]?, status: ConnectionStatus,
  at now: Timestamp
) -> PauseDecision {
  if let ending = pause.ending { return status.isPaused ? .resume(pause, ending) : .conclude(pause, ending) }
  let end = end(of: pause, policy: policy, red: red, at: now)
  switch (status.isPaused, pause.isSet) {
  // Nobody else is known to have done it, and that we meant to is on record.
  case (true, false): return .confirm(pause)
  case (true, true): return end.map { .resume(pause, $0) } ?? .rest
  case (false, true): return .conclude(pause, .resumed)
  case (false, false):
    if let end { return .conclude(pause, end) }
    if red == nil { return .rest }
    if let reason = status.notPausedNow { return .later(reason) }
    return .pause(pause)
  }
}

private func end(
  of pause: ConnectionPause, policy: ConnectionPolicy, red: [PausingFinding]?, at now: Timestamp
) -> ConnectionPause.End? {
  guard policy.mode != .observe, policy.settingsOwner == .mooring, let longest = policy.longestPause else {
    return .unwanted
  }
  // Who shortens the longest time means what stands as well.
  if now >= min(pause.until, pause.since.adding(longest)) { return .overdue }
  return red?.isEmpty == true ? .settled : nil
}

extension ConnectionStatus {
  /// Pausing ends a sync that runs, and a historical one would begin anew.
  ///
  /// Source: Fivetran documentation, "Code 500 Error When Pausing a Connection", read in November 2026.
  fileprivate var notPausedNow: String? {
    if let quarantine { return quarantine }
    return syncState == "syncing" ? "a sync is running, and pausing would end it: the first run after it pauses" : nil
  }
}
