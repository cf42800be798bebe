extension Rule {
  static let uniqueDropped = Rule(
    id: "unique.dropped", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "The contract promises a column unique, and the destination does not declare it.",
    why: "Nothing keeps values from repeating: a join on the column may multiply rows.",
    advice: "Merge to promise it no longer, or declare the constraint again."
  ) { change, _ in
    guard case .uniqueDropped = change else { return nil }
    return "promised unique, and no key of the destination says so any more; joins on it may multiply rows"
  }
}
