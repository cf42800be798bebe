extension Rule {
  /// The effect is told by the removal and the addition that stand beside it.
  static let tableRenameSuspected = Rule(
    id: "table.renamed.candidate", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A table that went and a table that came may be one.",
    why:
      "As one table its history goes on under another name; as two, the old one no longer changes and the new one begins now.",
    advice:
      "Say which: point the mapping and the readers at the new table, or leave both contracts as they are drafted."
  ) { change, _ in
    guard case .tableRenameSuspected(let from, let to, let evidence) = change else { return nil }
    return
      "perhaps \(from) renamed to \(to)? \(twoDigits(evidence.confidence)): \(evidence.words); taken for a removed and a new table until a person says otherwise"
  }
}
