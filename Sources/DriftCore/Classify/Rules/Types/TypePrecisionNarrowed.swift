extension Rule {
  static let typePrecisionNarrowed = Rule.retyped(
    "type.precisionNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    summary: "A number holds fewer digits before the point.",
    why: "A value with more digits before the point than there is room for fails to load.",
    advice: "Look up the largest value. Merge where it fits; else have the source keep the old digits."
  ) { from, to in
    switch (from, to) {
    case (.decimal, .decimal), (.decimal, .integer): "large values fail to load"
    case (.integer, .decimal) where !widens(from, to: to): "large values fail to load"
    default: nil
    }
  }
}
