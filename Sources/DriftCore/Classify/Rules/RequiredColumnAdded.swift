extension Rule {
  static let requiredColumnAdded = Rule(
    id: "column.added.required", .risky, writes: .fails, back: .yes, policy: .review,
    summary: "A column that may not be NULL has landed, and the contract does not list it.",
    why: "A load or an insert that leaves the column out fails.",
    advice: "Merge to promise it; let every writer of the table give it a value."
  ) { change, _ in
    guard case .columnAdded(let column) = change, column.isNullable == false else { return nil }
    return "added, \(column.physicalType ?? "type unknown"), never NULL; already landed"
  }
}
