import DriftCore
import JSON
import Reconciliation

/// `paused       crm: paused until 2026-11-23T12:00:00Z at the latest because of ...`, and below it what would be sent.
func line(of pause: PauseReport, on console: Console) -> String {
  let (word, text): (String, String) =
    switch pause.state {
    case .paused, .stands: ("paused", pause.text)
    case .resumed: ("resumed", pause.text)
    case .notPaused: ("not paused", "red findings are open, and \(pause.text)")
    case .wouldPause: ("would pause", "because of \(pause.text)")
    case .wouldResume: ("would resume", pause.text)
    case .failed: ("failed", pause.text)
    }
  let lead = console.paint(padded(word, 12), pause.state == .failed ? .red : .yellow)
  let sent = pause.request.map { "\n" + visible("\($0)", keepingLines: true) } ?? ""
  return console.row("\(lead) ", leadWidth: 13, visible("\(pause.connection): \(text)"))
    + sent.replacing("\n", with: "\n     ")
}

/// What `mooring status` says of a pause: one that stands, or one whose longest time is over.
func statusLine(of pause: ConnectionPause) -> String {
  let name = visible(pause.connection.text)
  if pause.end == nil { return "\(name): since \(pause.since.description), \(visible(pause.text))" }
  return
    "\(name): goes on since its longest time was over at \(pause.until.description), and nobody has answered: \(visible(pause.reason))"
}

extension PauseReport {
  var json: JSONValue {
    object([
      ("connection", .string(connection.text)), ("state", .string(state.rawValue)), ("reason", .string(text)),
      ("until", until.map { .string($0.description) } ?? .null),
      ("request", request.map { .string("\($0)") } ?? .null),
    ])
  }
}

extension ConnectionPause {
  var json: JSONValue {
    object([
      ("connection", .string(connection.text)), ("since", .string(since.description)),
      ("until", .string(until.description)), ("findings", .array(findings.map { .string($0) })),
      ("ended", end.map { .string($0.rawValue) } ?? .null),
    ])
  }
}

/// Pauses that stand, and the last ones of connections that went on although what they waited for is still proposed.
func pausesToTell(_ ledgers: [(DestinationName, [LedgerEntry])], _ pullRequests: [PullRequest]) -> [ConnectionPause] {
  let open = Set(pullRequests.filter { $0.state == .open }.flatMap(\.findings))
  return ledgers.flatMap { name, entries in
    connectionPauses(in: entries, of: name).sorted { $0.key < $1.key }.compactMap { _, pauses in
      pauses.last { $0.end == nil || ($0.end == .overdue && !open.isDisjoint(with: $0.findings)) }
    }
  }
}
