extension Rule {
  /// The landed column stays, so nothing fails: readers see NULL in every new row. Some sources null the old rows too.
  static let columnRemoved = Rule(
    id: "column.removed", summary: "The source no longer has a promised column."
  ) { change, context in
    guard case .columnRemoved = change else { return nil }
    let fate =
      servicesThatNullOldValues.contains { context.service.hasPrefix($0) }
      ? "all its values become NULL" : "stays in the warehouse, fills with NULL from now on"
    return verdict(
      "column.removed", .breaking, writes: .ok, back: .data, policy: .block,
      "gone from the source; \(fate)")
  }

  static let columnRenamed = Rule(
    id: "column.renamed", summary: "A removal and an addition look like one column."
  ) { change, _ in
    guard case .columnRenamed(let from, let to, let evidence) = change else { return nil }
    let mark = evidence.isCertain ? "" : "? \(twoDigits(evidence.confidence))"
    return verdict(
      "column.renamed", .breaking, writes: .conditional, back: .yes, policy: .review,
      "\(from.name) renamed to \(to.name)\(mark): \(why(evidence))")
  }

  /// The effect is told by the removal and the addition that stand beside it.
  static let renameSuspected = Rule(
    id: "column.renamed.candidate", summary: "A removal and an addition may be one column."
  ) { change, _ in
    guard case .renameSuspected(let from, let to, let evidence) = change else { return nil }
    return verdict(
      "column.renamed.candidate", .risky, writes: .ok, back: .yes, policy: .review,
      "perhaps \(from.name) renamed to \(to.name)? \(twoDigits(evidence.confidence)): \(why(evidence)); taken for a removal and an addition until a person says otherwise"
    )
  }
}

/// Source: Fivetran documentation on deleted columns, as kept in reference/fivetran-api 11.2.
private let servicesThatNullOldValues = ["mysql", "aurora", "maria", "oracle", "snowflake"]

func why(_ evidence: RenameEvidence) -> String {
  let rival = evidence.runnerUp.map { ["next best \($0)"] } ?? []
  return (evidence.reasons + rival).joined(separator: ", ")
}

func twoDigits(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  return hundredths >= 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
}
