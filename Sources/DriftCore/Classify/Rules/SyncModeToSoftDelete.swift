extension Rule {
  static let syncModeToSoftDelete = Rule(
    id: "table.syncModeChanged.toSoftDelete", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "A table that dropped deleted rows marks them.",
    why:
      "How many rows stand for one key, and whether deleted ones stay, is what joins and counts rely on; nothing fails when it changes.",
    advice:
      "Let readers leave out rows with _fivetran_deleted, or set rows.deleted to exclude in mapping.yaml; then merge."
  ) { change, _ in
    guard case .syncModeChanged(_, let from, let to) = change, to == .softDelete else { return nil }
    return
      "rows are kept as \(to.rawValue) now, promised is \(from.rawValue): deleted rows stay, marked by _fivetran_deleted"
  }
}
