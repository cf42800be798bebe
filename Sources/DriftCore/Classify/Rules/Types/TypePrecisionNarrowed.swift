extension Rule {
  static let typePrecisionNarrowed = Rule.retyped(
    "type.precisionNarrowed", "A number holds fewer digits before the point."
  ) { from, to in
    switch (from, to) {
    case (.decimal, .decimal), (.decimal, .integer):
      return (TypeEffect(.risky, writes: .fails, back: .no, policy: .block), "large values fail to load")
    case (.integer, .decimal) where !widens(from, to: to):
      return (TypeEffect(.risky, writes: .fails, back: .no, policy: .block), "large values fail to load")
    default: return nil
    }
  }
}
