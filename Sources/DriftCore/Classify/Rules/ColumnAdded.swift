extension Rule {
  static let columnAdded = Rule(
    id: "column.added", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "A column that the contract does not list has landed.",
    why:
      "Nobody reads it yet. SELECT * into a fixed shape, INSERT without a list of columns and UNION ALL of whole tables may fail.",
    advice: "Merge to promise it, and to map it where the table has a target."
  ) { change, _ in
    guard case .columnAdded(let column) = change else { return nil }
    return "added, \(column.physicalType ?? "type unknown"), nullable; already landed"
  }
}
