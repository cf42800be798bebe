extension Rule {
  static let columnReadded = Rule(
    id: "column.removedThenReadded", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "A column that went is back under its name with another type or from another source column.",
    why: "Two things share one name: old rows hold the one, new rows the other, and between them there may be NULL.",
    advice: "Ask the source's owner what it holds now. Merge to promise the new one, and let readers of old rows know."
  ) { change, _ in
    guard case .columnReadded(let promise, let column) = change else { return nil }
    let before = [promise.physicalType, promise.sourceColumn.map { "from \($0)" }].compactMap { $0 }
    let after = [column.physicalType, column.sourceName.map { "from \($0)" }].compactMap { $0 }
    return
      "deprecated in the contract as \(before.joined(separator: " ")), at the source again as \(after.joined(separator: " ")): perhaps another thing under the same name"
  }
}
