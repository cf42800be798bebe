package import DriftCore

/// What became of the pause of a connection in one run, for people and programs.
package struct PauseReport: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    /// By this run.
    case paused, resumed
    /// By an earlier one, and still.
    case stands
    /// It is asked for, and cannot be now.
    case notPaused
    case wouldPause
    case wouldResume
    case failed
  }

  package var connection: ConnectionName
  package var state: State
  package var text: String
  package var until: Timestamp?
  /// In a dry run: what would be sent.
  package var request: OutgoingRequest?
}

extension ConnectionPause.End {
  package var words: String {
    switch self {
    case .settled: "no red finding is open any more"
    case .overdue: "the longest time is over, and nobody has answered; it is not paused again for the same findings"
    case .resumed: "somebody resumed it in Fivetran; it is not paused again for the same findings"
    case .lifted: "somebody ended the pause; it is not paused again for the same findings"
    case .answered: "what was merged about them needs a sync"
    case .unwanted: "on_red asks for no pause any more"
    }
  }
}

extension RunReport {
  /// Of one connection the last word about a pause that stands counts.
  mutating func tell(_ pause: PauseReport) {
    pauses.removeAll { $0.connection == pause.connection && ($0.state == .stands || $0 == pause) }
    pauses.append(pause)
  }
}
