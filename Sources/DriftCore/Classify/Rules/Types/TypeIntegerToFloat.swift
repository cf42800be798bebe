extension Rule {
  static let typeIntegerToFloat = Rule.retyped(
    "type.integerToFloat", .risky, writes: .ok, back: .no, policy: .review,
    "A whole number has become a floating one."
  ) {
    from, to in
    guard case .integer = from, case .float = to else { return nil }
    return "whole numbers above 2^53 are no longer exact"
  }
}
