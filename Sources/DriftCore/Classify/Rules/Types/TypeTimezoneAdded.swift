extension Rule {
  static let typeTimezoneAdded = Rule.retyped(
    "type.timezoneAdded", .breaking, writes: .ok, back: .data, policy: .block,
    summary: "A clock reading has become a point in time.",
    why:
      "In which zone the old readings were is guessed at, so readers see other hours and, around midnight, other days.",
    advice:
      "Find out which zone the source meant and compare a few rows. Have readers convert to their zone, then merge."
  ) { from, to in
    guard case .timestamp(zoned: true, digits: _) = to, from == .date || from.family == .timestamp else { return nil }
    return "the same text is another moment"
  }
}
