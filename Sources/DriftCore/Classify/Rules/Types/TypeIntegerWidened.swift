extension Rule {
  static let typeIntegerWidened = Rule.retyped(
    "type.integerWidened", .safe, writes: .ok, back: .data, policy: .auto,
    "A whole number may be larger than before."
  ) {
    from, to in
    guard case .integer = from, case .integer = to, widens(from, to: to) else { return nil }
    return ""
  }
}
