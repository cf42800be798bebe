extension Rule {
  static let typeDecimalToFloat = Rule.retyped(
    "type.decimalToFloat", .risky, writes: .conditional, back: .no, policy: .block,
    "A decimal has become a floating number."
  ) {
    from, to in
    guard case .decimal = from, case .float = to else { return nil }
    return "amounts are no longer exact"
  }
}
