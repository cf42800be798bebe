extension Rule {
  /// Readers of the target see other values from the next load on, or from the moment the view is replaced.
  static let mappingEdited = Rule(
    id: "mapping.edited", summary: "A mapping says something else than its view or load.sql was rendered from."
  ) { change, context in
    guard case .mappingEdited(let target, _, let inPlace) = change else { return nil }
    let message =
      switch (target.kind, inPlace) {
      case (.view, true): "mapping.yaml was edited; the view \(target.table) still is that of the mapping before"
      case (.view, false):
        "mapping.yaml was edited, and \(context.dialect.id) does not take the view \(target.table) in its place: keep its columns as they were and append what is new, or drop it yourself"
      default: "mapping.yaml was edited; load.sql still is that of the mapping before"
      }
    return verdict("mapping.edited", .risky, writes: .ok, back: .yes, policy: .review, message)
  }
}
