extension Rule {
  static let descriptionChanged = Rule(
    id: "column.descriptionChanged", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "An edit changes a column's description.",
    why: "No query notices.",
    advice: "Nothing, as a rule."
  ) { change, _ in
    guard case .contractEdited(.description) = change else { return nil }
    return "another description"
  }
}
