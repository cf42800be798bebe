extension Rule {
  static let typeDecimalToFloat = Rule.retyped("type.decimalToFloat", "A decimal has become a floating number.") {
    from, to in
    guard case .decimal = from, case .float = to else { return nil }
    return (TypeEffect(.risky, writes: .conditional, back: .no, policy: .block), "amounts are no longer exact")
  }
}
