extension Rule {
  static let tableMoved = Rule(
    id: "table.moved", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "A table that went from one schema and one of the same name in another may be one.",
    why: "Queries name the schema: they go on reading the old table, which no longer changes.",
    advice: "Point the mapping and the readers at the new schema. Old rows are in the old table only, until a re-sync."
  ) { change, _ in
    guard case .tableRenameSuspected(let from, let to, let evidence) = change, from.schema != to.schema,
      from.name.lowercased() == to.name.lowercased()
    else { return nil }
    return
      "perhaps moved from \(from) to \(to)? \(twoDigits(evidence.confidence)): \(evidence.words); taken for a removed and a new table until a person says otherwise"
  }
}
