extension Rule {
  static let typeDateToTimestamp = Rule.retyped(
    "type.dateToTimestamp", .risky, writes: .ok, back: .data, policy: .review,
    summary: "A day has become a moment.",
    why: "A comparison with a day finds midnight alone, and grouping by the column is no longer grouping by day.",
    advice: "Cast to a date where readers mean the day, then merge."
  ) { from, to in
    guard case .date = from, case .timestamp(zoned: false, digits: _) = to else { return nil }
    return "comparisons with a day find midnight only"
  }
}
