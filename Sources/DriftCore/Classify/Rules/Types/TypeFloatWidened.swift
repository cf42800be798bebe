extension Rule {
  static let typeFloatWidened = Rule.retyped(
    "type.floatWidened", .safe, writes: .ok, back: .data, policy: .auto,
    summary: "A floating number keeps more digits.",
    why:
      "Every value is kept. One that was stored with fewer digits is not equal to the same number written out: 0.1 is not.",
    advice: "Look for exact comparisons with the column, then merge."
  ) { from, to in
    guard case .float = from, case .float = to, widens(from, to: to) else { return nil }
    return "more digits are kept"
  }
}
