extension Rule {
  static let typeDateToTimestamp = Rule.retyped(
    "type.dateToTimestamp", .risky, writes: .ok, back: .data, policy: .review,
    "A day has become a moment."
  ) { from, to in
    guard case .date = from, case .timestamp(zoned: false, digits: _) = to else { return nil }
    return "comparisons with a day find midnight only"
  }
}
