extension Rule {
  static let referenceOrphaned = Rule(
    id: "quality.ruleOrphaned", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A quality rule or relation of the contract stays with the old name of a column that was renamed.",
    why:
      "It stands below the old column or names it in SQL, which no edit follows: the check passes or fails for a column that nothing fills.",
    advice: "Move it to the new column in contract.odcs.yaml, or delete it, on the pull request's own branch."
  ) { change, _ in
    guard case .referenceOrphaned(let reference, let heir) = change else { return nil }
    return
      "\(reference.kind.rawValue) \"\(reference.name)\" of the contract stays with the old name: move it to \(heir)"
  }
}
