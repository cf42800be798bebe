extension Rule {
  /// `numeric(18,2)` to `numeric(18,6)`.
  static let typeScaleWidenedDigitsLost = Rule.retyped(
    "type.scaleWidened.digitsLost", .risky, writes: .fails, back: .no, policy: .block,
    "A decimal holds more digits behind the point, and fewer before it."
  ) { from, to in
    guard case .decimal(_, let old?) = from, case .decimal(_, let new?) = to, old < new else { return nil }
    return "looks like widening and is not: fewer digits before the point, so large values fail to load"
  }
}
