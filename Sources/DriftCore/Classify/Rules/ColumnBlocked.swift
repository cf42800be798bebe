extension Rule {
  /// Fivetran keeps it out under `BLOCK_ALL`; its type is known only after it has landed once.
  static let columnBlocked = Rule(
    id: "column.blocked", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "The source has a new column that Fivetran's settings keep out.",
    why: "Nothing of it has landed: who needs it waits for a person.",
    advice: "Merge to let it in, or reject to leave it out."
  ) { change, _ in
    guard case .columnBlocked(let column) = change else { return nil }
    let note = sensitiveWord(in: column.name).map { "; looks like personal data (\($0))" } ?? ""
    return "new at the source, kept out by the connection's settings\(note)"
  }
}
