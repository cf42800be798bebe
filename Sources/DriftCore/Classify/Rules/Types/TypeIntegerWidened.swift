extension Rule {
  static let typeIntegerWidened = Rule.retyped(
    "type.integerWidened", .safe, writes: .ok, back: .data, policy: .auto,
    summary: "A whole number may be larger than before.",
    why: "Every value still fits. A program that reads the column into a smaller number may overflow.",
    advice:
      "Merge to promise it; a target that reads the column is widened where its warehouse can. Widen programs and copies elsewhere by hand."
  ) { from, to in
    guard case .integer = from, case .integer = to, widens(from, to: to) else { return nil }
    return "larger numbers fit"
  }
}
