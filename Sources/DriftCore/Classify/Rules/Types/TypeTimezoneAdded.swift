extension Rule {
  static let typeTimezoneAdded = Rule.retyped(
    "type.timezoneAdded", .breaking, writes: .ok, back: .data, policy: .block,
    "A clock reading has become a point in time."
  ) {
    from, to in
    guard case .timestamp(zoned: true, digits: _) = to, from == .date || from.family == .timestamp else { return nil }
    return "the same text is another moment"
  }
}
