extension Rule {
  static let typeScaleWidened = Rule.retyped(
    "type.scaleWidened", .safe, writes: .conditional, back: .data, policy: .review,
    summary: "A decimal holds more digits behind the point, and no fewer before it.",
    why: "Every value still fits. What is added up, rounded or compared exactly comes out finer than before.",
    advice:
      "Look for exact comparisons with the column, then merge. Some warehouses change a scale in several steps only: the statements are in the pull request."
  ) { from, to in
    guard case .decimal = from, case .decimal = to, widens(from, to: to) else { return nil }
    return "more digits behind the point"
  }
}
