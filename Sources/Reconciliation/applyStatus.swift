import DriftCore

/// What a landing commit shows of its changes: the worst of them.
func applyStatus(of changes: [AppliedChange]) -> CommitStatus {
  let states: [CommitStatus.State] = changes.map(\.outcome.state)
  let worst = [CommitStatus.State.error, .failure, .pending].first(where: states.contains) ?? .success
  let shown = changes.filter { $0.outcome.state == worst }
  guard let first = shown.first else { return CommitStatus(state: worst, text: "") }
  let rest = shown.count > 1 ? " and \(shown.count - 1) more" : ""
  return CommitStatus(state: worst, text: "\(first.table) \(first.change)\(rest): \(first.outcome.words)")
}

/// What the pull request that brought the changes says of them, edited in place from run to run.
func applyComment(on changes: [AppliedChange], landed commit: CommitID) -> Markdown {
  var text: Markdown = "What became of this, merged as \(code: String(commit.text.prefix(12))):\n\n"
  for change in changes {
    text += "- \(code: "\(change.table)") \(code: change.change): \(change.outcome.words)\n"
    for step in change.steps { text += "  - \(step)\n" }
  }
  return text + "\nA change that is not listed was applied by an earlier run.\n"
}

extension AppliedChange.Outcome {
  fileprivate var state: CommitStatus.State {
    switch self {
    case .applied, .adopted: .success
    case .waiting, .unapproved, .planned: .pending
    case .held, .stale, .withdrawn: .failure
    case .failed: .error
    }
  }

  /// On one line.
  fileprivate var words: String {
    let words =
      switch self {
      case .applied: "applied"
      case .adopted: "its result was there already"
      case .planned: "not begun"
      case .waiting(let reason): "waits: \(reason)"
      case .held(let reason): "held: \(reason)"
      case .unapproved(let reason, let wayOut): "not approved: \(reason); \(wayOut)"
      case .stale(let reason): "not applied, because what it relies on has moved: \(reason)"
      case .withdrawn(let reason): "withdrawn: \(reason)"
      case .failed(let reason): "failed: \(reason)"
      }
    return words.split(whereSeparator: \.isNewline).first.map(String.init) ?? words
  }
}
