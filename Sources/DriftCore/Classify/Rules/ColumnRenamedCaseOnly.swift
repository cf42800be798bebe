extension Rule {
  static let columnRenamedCaseOnly = Rule(
    id: "column.renamed.caseOnly", .risky, writes: .conditional, back: .yes, policy: .review,
    summary: "A column's name changed nothing but its case.",
    why:
      "Unquoted names still find it where the destination folds case; quoted ones, and tools that compare names byte for byte, do not.",
    advice: "Merge: the mapping reads the new spelling, and the old one for old rows."
  ) { change, _ in
    guard case .columnRenamed(let from, let to, _) = change,
      from.name.text.lowercased() == to.name.text.lowercased()
    else { return nil }
    return "\(from.name) is spelled \(to.name) now; quoted names find only one of them"
  }
}
