extension Rule {
  static let targetMissing = Rule(
    id: "target.missing", .risky, writes: .fails, back: .yes, policy: .review,
    summary: "A mapping names a target that is not there, or that Mooring may not see.",
    why: "Loads into it fail, and no statement can be drafted for it.",
    advice:
      "Create it (target.sql of mooring init writes the statement), grant Mooring the right to see it, or correct mapping.yaml."
  ) { change, _ in
    guard case .targetMissing(let target) = change else { return nil }
    return "\(target.table) is not there: create it (target.sql of mooring init), or correct mapping.yaml"
  }
}
