extension Rule {
  static let typeFloatNarrowed = Rule.retyped(
    "type.floatNarrowed", .risky, writes: .fails, back: .no, policy: .block,
    summary: "A floating number keeps fewer digits.",
    why: "Values keep about 7 digits where they had 15, and very large ones fail to load.",
    advice: "Merge where 7 digits are enough; else have the source keep the old type."
  ) { from, to in
    guard case .float = from, case .float = to else { return nil }
    return "values are rounded"
  }
}
