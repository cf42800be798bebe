extension Rule {
  static let nullabilityRelaxed = Rule(
    id: "null.relaxed", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A column that was never NULL may be.",
    why: "NULL falls out of joins, counts and NOT IN: results change and nothing fails.",
    advice: "Let readers handle NULL, then merge to promise no more than the destination does."
  ) { change, _ in
    guard case .nullabilityRelaxed = change else { return nil }
    return "may be NULL now: joins, counts and filters change"
  }
}
