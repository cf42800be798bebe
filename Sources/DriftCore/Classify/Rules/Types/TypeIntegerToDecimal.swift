extension Rule {
  static let typeIntegerToDecimal = Rule.retyped(
    "type.integerToDecimal", .safe, writes: .ok, back: .data, policy: .review,
    summary: "A whole number has become a decimal that holds all of its digits.",
    why:
      "Every value is kept. Division of whole numbers rounds and that of decimals does not, so what is computed changes.",
    advice: "Look for divisions of the column, then merge."
  ) { from, to in
    guard case .integer = from, case .decimal = to, widens(from, to: to) else { return nil }
    return "division no longer rounds"
  }
}
