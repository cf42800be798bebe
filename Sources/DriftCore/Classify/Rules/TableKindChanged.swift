extension Rule {
  static let tableKindChanged = Rule(
    id: "table.kindChanged", .risky, writes: .conditional, back: .data, policy: .review,
    summary: "What lands is a view where a table was promised, or a table where a view was.",
    why:
      "Fivetran writes into tables of its own; a view in that place was made by somebody else, and the next sync may fail or write beside it.",
    advice: "Find out who replaced it. Merge only where the contract is to promise the new kind."
  ) { change, _ in
    guard case .tableKindChanged(_, let isView) = change else { return nil }
    return isView
      ? "is a view now, promised is a table; Fivetran cannot load into a view"
      : "is a table now, promised is a view"
  }
}
