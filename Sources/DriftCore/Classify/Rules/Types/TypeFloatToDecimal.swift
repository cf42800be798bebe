extension Rule {
  static let typeFloatToDecimal = Rule.retyped(
    "type.floatToDecimal", .risky, writes: .conditional, back: .no, policy: .block,
    summary: "A floating number has become a decimal.",
    why: "Values are rounded to the decimal's digits, and larger ones fail to load.",
    advice:
      "Look up the largest value and how many digits count. Merge where both fit; else have the source make the decimal larger."
  ) { from, to in
    guard case .float = from, case .decimal = to else { return nil }
    return "values are rounded, and those beyond its digits fail to load"
  }
}
