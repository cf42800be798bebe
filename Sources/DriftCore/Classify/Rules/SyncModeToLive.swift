extension Rule {
  static let syncModeToLive = Rule(
    id: "table.syncModeChanged.toLive", .breaking, writes: .ok, back: .data, policy: .block,
    summary: "A table that marked deleted rows drops them.",
    why:
      "How many rows stand for one key, and whether deleted ones stay, is what joins and counts rely on; nothing fails when it changes.",
    advice: "Check what reads _fivetran_deleted: it finds nothing any more. Merge where that is meant."
  ) { change, _ in
    guard case .syncModeChanged(_, let from, let to) = change, to == .live else { return nil }
    return
      "rows are kept as \(to.rawValue) now, promised is \(from.rawValue): rows that the source deletes vanish, and _fivetran_deleted with them"
  }
}
