extension Rule {
  static let syncModeFromHistory = Rule(
    id: "table.syncModeChanged.fromHistory", .breaking, writes: .conditional, back: .no, policy: .block,
    summary: "A table that kept every version of a row keeps one.",
    why:
      "How many rows stand for one key, and whether deleted ones stay, is what joins and counts rely on; nothing fails when it changes.",
    advice:
      "Set it back in Fivetran before the next sync if the history matters: it cannot be brought back. Copy the table first where in doubt."
  ) { change, _ in
    guard case .syncModeChanged(_, let from, let to) = change, from == .history else { return nil }
    return
      "rows are kept as \(to.rawValue) now, promised is \(from.rawValue): its history is lost, and one row a key stays"
  }
}
