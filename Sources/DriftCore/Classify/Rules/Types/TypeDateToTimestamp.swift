extension Rule {
  static let typeDateToTimestamp = Rule.retyped("type.dateToTimestamp", "A day has become a moment.") { from, to in
    guard case .date = from, case .timestamp(zoned: false, digits: _) = to else { return nil }
    return (TypeEffect(.risky, writes: .ok, back: .data, policy: .review), "comparisons with a day find midnight only")
  }
}
