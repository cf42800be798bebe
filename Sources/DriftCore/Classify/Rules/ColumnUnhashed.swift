extension Rule {
  static let columnUnhashed = Rule(
    id: "column.hashed.off", .breaking, writes: .ok, back: .yes, policy: .block,
    summary: "Values arrive in clear text that were promised hashed.",
    why: "Clear-text personal data flows into the warehouse with every sync.",
    advice: "Switch hashing on again in Fivetran at once. Merge only where clear text is meant."
  ) { change, _ in
    guard case .columnUnhashed = change else { return nil }
    return "promised hashed, lands in clear text"
  }
}
