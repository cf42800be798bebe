extension Rule {
  static let sensitiveColumnAdded = Rule(
    id: sensitiveRule, .safe, writes: .ok, back: .yes, policy: .review,
    summary: "A column that looks like personal data has landed in clear text.",
    why: "Clear text is in the warehouse, in backups and with whoever may read the table.",
    advice: "Merge to have it hashed from now on. What has landed is removed only by a re-sync of the table."
  ) { change, _ in
    guard case .columnAdded(let column) = change, column.isHashed != true,
      let word = sensitiveWord(in: column.name)
    else { return nil }
    return "looks like personal data (\(word)); its clear text has landed already"
  }
}
