extension Rule {
  static let typeIntegerNarrowed = Rule.retyped(
    "type.integerNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    summary: "A whole number may be less large than before.",
    why: "A number beyond the smaller range fails to load.",
    advice: "Look up the smallest and the largest value. Merge where both fit; else have the source keep the old type."
  ) { from, to in
    guard case .integer = from, case .integer = to else { return nil }
    return "large values fail to load"
  }
}
