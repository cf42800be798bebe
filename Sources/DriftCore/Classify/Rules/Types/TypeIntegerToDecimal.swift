extension Rule {
  static let typeIntegerToDecimal = Rule.retyped(
    "type.integerToDecimal", .safe, writes: .ok, back: .data, policy: .review,
    "A whole number has become a decimal that holds all of its digits."
  ) { from, to in
    guard case .integer = from, case .decimal = to, widens(from, to: to) else { return nil }
    return "division no longer rounds"
  }
}
