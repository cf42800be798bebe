extension Rule {
  static let tableAdded = Rule(
    id: "table.added", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "A table that no contract describes is landing.",
    why: "Nothing reads it yet.",
    advice: "Merge to promise it as it is now; exclude it in mooring.yaml where nobody wants to hear of it."
  ) { change, _ in
    guard case .tableAdded(let table) = change else { return nil }
    return "new table with \(counted(table.columns.count, "column")); nothing reads it yet"
  }
}
