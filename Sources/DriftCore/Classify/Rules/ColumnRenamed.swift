extension Rule {
  static let columnRenamed = Rule(
    id: "column.renamed", .breaking, writes: .conditional, back: .yes, policy: .review,
    summary: "A removal and an addition look like one column.",
    why: "A query that names the old column sees NULL in every new row.",
    advice:
      "Merge to let the mapping read both names. Where they are two columns, edit mapping.yaml to read the new one only."
  ) { change, _ in
    guard case .columnRenamed(let from, let to, let evidence) = change else { return nil }
    let mark = evidence.isCertain ? "" : "? \(twoDigits(evidence.confidence))"
    return "\(from.name) renamed to \(to.name)\(mark): \(evidence.words)"
  }
}

extension RenameEvidence {
  /// For the reviewer, on one line.
  var words: String { (reasons + (runnerUp.map { ["next best \($0)"] } ?? [])).joined(separator: ", ") }
}

func twoDigits(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  return hundredths >= 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
}
