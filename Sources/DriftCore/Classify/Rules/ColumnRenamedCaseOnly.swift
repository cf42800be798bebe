extension Rule {
  static let columnRenamedCaseOnly = Rule(
    id: "column.renamed.caseOnly",
    RuleEffects(readers: .risky, writes: .conditional, reversible: .yes, policy: .review),
    summary:
      "A column's name changed nothing but its case; not told of where the destination takes both spellings for one name.",
    why:
      "Unquoted names still find it where the destination folds case; quoted ones, and tools that compare names byte for byte, do not.",
    advice: "Merge: the mapping reads the new spelling, and the old one for old rows."
  ) { change, context in
    guard case .columnRenamed(let from, let to, _) = change,
      from.name.text.lowercased() == to.name.text.lowercased()
    else { return nil }
    let id = "column.renamed.caseOnly"
    if context.dialect.isOneName(from.name, to.name) {
      return verdict(
        id, .safe, writes: .ok, back: .yes, policy: .ignore,
        "\(from.name) is spelled \(to.name) now; \(context.dialect.title) takes both for one name")
    }
    return verdict(
      id, .risky, writes: .conditional, back: .yes, policy: .review,
      "\(from.name) is spelled \(to.name) now; quoted names find only one of them")
  }
}
