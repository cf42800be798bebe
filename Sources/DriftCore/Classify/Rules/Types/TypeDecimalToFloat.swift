extension Rule {
  static let typeDecimalToFloat = Rule.retyped(
    "type.decimalToFloat", .risky, writes: .conditional, back: .no, policy: .block,
    summary: "A decimal has become a floating number.",
    why: "Amounts are no longer exact: sums differ in the last digits, and what was equal may not be.",
    advice: "Have the source keep a decimal where it is money or is compared exactly; merge where it is measured."
  ) { from, to in
    guard case .decimal = from, case .float = to else { return nil }
    return "amounts are no longer exact"
  }
}
