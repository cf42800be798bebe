extension Rule {
  static let typeIntegerNarrowed = Rule.retyped(
    "type.integerNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    "A whole number may be less large than before."
  ) { from, to in
    guard case .integer = from, case .integer = to else { return nil }
    return "large values fail to load"
  }
}
