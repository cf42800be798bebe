extension Rule {
  static let typeIntegerNarrowed = Rule.retyped("type.integerNarrowed", "A whole number may be less large than before.")
  { from, to in
    guard case .integer = from, case .integer = to else { return nil }
    return (TypeEffect(.risky, writes: .fails, back: .no, policy: .block), "large values fail to load")
  }
}
