extension Rule {
  /// The effect is told by the removal and the addition that stand beside it.
  static let renameSuspected = Rule(
    id: "column.renamed.candidate", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A removal and an addition may be one column.",
    why:
      "As one column its values go on under another name; as two, the old one fills with NULL and the new one begins now.",
    advice: "Say which: both readings and what each does to the data are in the pull request."
  ) { change, _ in
    guard case .renameSuspected(let from, let to, let evidence) = change else { return nil }
    return
      "perhaps \(from.name) renamed to \(to.name)? \(twoDigits(evidence.confidence)): \(evidence.words); taken for a removal and an addition until a person says otherwise"
  }
}
