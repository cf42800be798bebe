extension Rule {
  static let tableRenamedCaseOnly = Rule(
    id: "table.renamed.caseOnly", .risky, writes: .conditional, back: .yes, policy: .review,
    summary: "A table that went and a table that came have the same name but for its case.",
    why:
      "A destination that folds case lands both in one table; one that does not has two, and quoted names find only one of them.",
    advice: "Let readers and the mapping name the new spelling. Old rows stay in the old table where there are two."
  ) { change, _ in
    guard case .tableRenameSuspected(let from, let to, _) = change, from.schema == to.schema,
      from.name.lowercased() == to.name.lowercased()
    else { return nil }
    return "\(from) is spelled \(to) now; a removed and a new table where the destination keeps case apart"
  }
}
