extension Rule {
  static let tagsChanged = Rule(
    id: "column.tagChanged", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "An edit changes a column's tags.",
    why: "No query notices.",
    advice: "Nothing, as a rule."
  ) { change, _ in
    guard case .contractEdited(.tags) = change else { return nil }
    return "other tags"
  }
}
