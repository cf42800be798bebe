extension Rule {
  static let tableEnabled = Rule(
    id: "table.enabled", .safe, writes: .ok, back: .yes, policy: .auto,
    summary: "Fivetran syncs a table that the contract has switched off.",
    why: "Rows written while it was off come only with a re-sync.",
    advice: "Merge to promise it again, or switch it off in Fivetran."
  ) { change, _ in
    guard case .tableEnabled = change else { return nil }
    return "switched on in Fivetran; rows from the time when it was off are missing until a re-sync"
  }
}
