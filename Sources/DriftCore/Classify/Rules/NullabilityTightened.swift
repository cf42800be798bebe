extension Rule {
  static let nullabilityTightened = Rule(
    id: "null.tightened", .safe, writes: .fails, back: .yes, policy: .block,
    summary: "A column that could be NULL no longer may.",
    why: "A row without a value fails to load, and with it the sync.",
    advice: "Make sure that the source always gives a value, then merge to promise it; else drop the constraint."
  ) { change, _ in
    guard case .nullabilityTightened = change else { return nil }
    return "may not be NULL any more"
  }
}
