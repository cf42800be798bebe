extension Rule {
  static let syncModeToHistory = Rule(
    id: "table.syncModeChanged.toHistory", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "A table that kept one row a key keeps every version.",
    why:
      "How many rows stand for one key, and whether deleted ones stay, is what joins and counts rely on; nothing fails when it changes.",
    advice:
      "Let readers take only rows with _fivetran_active, or set rows.history to current in mapping.yaml; then merge."
  ) { change, _ in
    guard case .syncModeChanged(_, let from, let to) = change, to == .history else { return nil }
    return
      "rows are kept as \(to.rawValue) now, promised is \(from.rawValue): several rows a key, told apart by _fivetran_active, _fivetran_start and _fivetran_end"
  }
}
