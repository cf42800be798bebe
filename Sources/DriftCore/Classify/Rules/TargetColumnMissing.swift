extension Rule {
  static let targetColumnMissing = Rule(
    id: "target.columnMissing", .risky, writes: .fails, back: .yes, policy: .review,
    summary: "The mapping has a column that its target lacks.",
    why:
      "Loads that name it fail. A change went stale, the mapping was edited by hand, or somebody dropped what was applied.",
    advice: "Merge to add it, or take it out of mapping.yaml."
  ) { change, _ in
    guard case .targetColumnMissing(let column) = change else { return nil }
    return "in the mapping as \(column.type), not in the target; loads that name it fail"
  }
}
