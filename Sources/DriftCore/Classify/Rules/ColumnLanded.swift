extension Rule {
  static let columnLanded = Rule(
    id: "column.landed", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "A column that was promised ahead of the data has landed.",
    why: "What waited for it can be built now.",
    advice: "Merge to write down its type, and to map it where the table has a target."
  ) { change, _ in
    guard case .columnLanded(let column) = change else { return nil }
    return "promised earlier, has landed as \(column.physicalType ?? "a column of unknown type")"
  }
}
