extension Rule {
  static let mappingEdited = Rule(
    id: "mapping.edited", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A mapping says something else than its view or load.sql was rendered from.",
    why: "Readers of the target see other values from the next load on, or from the moment the view is replaced.",
    advice: "Merge to render the view or load.sql from the mapping as it is now, or take the edit of mapping.yaml back."
  ) { change, _ in
    guard case .mappingEdited(let target, _) = change else { return nil }
    return target.kind == .view
      ? "mapping.yaml was edited; the view \(target.table) still is that of the mapping before"
      : "mapping.yaml was edited; load.sql still is that of the mapping before"
  }
}
