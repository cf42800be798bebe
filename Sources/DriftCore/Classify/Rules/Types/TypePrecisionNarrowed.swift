extension Rule {
  static let typePrecisionNarrowed = Rule.retyped(
    "type.precisionNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    "A number holds fewer digits before the point."
  ) { from, to in
    switch (from, to) {
    case (.decimal, .decimal), (.decimal, .integer): "large values fail to load"
    case (.integer, .decimal) where !widens(from, to: to): "large values fail to load"
    default: nil
    }
  }
}
