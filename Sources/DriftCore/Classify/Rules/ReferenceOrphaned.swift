extension Rule {
  static let referenceOrphaned = Rule(
    id: "quality.ruleOrphaned", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A quality rule, service level or relation of the contract names a column that went or was renamed.",
    why: "The check passes or fails for a column that nothing fills: nobody looks at the data that it was meant for.",
    advice: "Point it at the new column in contract.odcs.yaml, or delete it, on the pull request's own branch."
  ) { change, _ in
    guard case .referenceOrphaned(let reference, let heir) = change else { return nil }
    let way = heir.map { "name \($0) in it" } ?? "correct or delete it"
    return "\(reference.kind.rawValue) \"\(reference.name)\" of the contract names it: \(way)"
  }
}
