extension Rule {
  static let typeFloatToDecimal = Rule.retyped(
    "type.floatToDecimal", .risky, writes: .conditional, back: .no, policy: .block,
    "A floating number has become a decimal."
  ) {
    from, to in
    guard case .float = from, case .decimal = to else { return nil }
    return "values are rounded, and those beyond its digits fail to load"
  }
}
