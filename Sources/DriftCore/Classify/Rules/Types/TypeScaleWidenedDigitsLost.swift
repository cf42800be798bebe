extension Rule {
  /// `numeric(18,2)` to `numeric(18,6)`.
  static let typeScaleWidenedDigitsLost = Rule.retyped(
    "type.scaleWidened.digitsLost", .risky, writes: .fails, back: .no, policy: .block,
    summary: "A decimal holds more digits behind the point, and fewer before it.",
    why: "More digits behind the point leave fewer before it, so a large value fails to load.",
    advice:
      "Look up the largest value. Merge where it has few enough digits before the point; else have the source raise the precision as well."
  ) { from, to in
    guard case .decimal(_, let old?) = from, case .decimal(_, let new?) = to, old < new else { return nil }
    return "looks like widening and is not: fewer digits before the point, so large values fail to load"
  }
}
