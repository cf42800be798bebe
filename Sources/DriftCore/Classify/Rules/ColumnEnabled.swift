extension Rule {
  static let columnEnabled = Rule(
    id: "column.enabled", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "Fivetran syncs a column that the contract has switched off.",
    why: "Somebody kept it out for a reason; rows from the time when it was off lack it until a re-sync.",
    advice: "Merge to promise it, or switch it off in Fivetran."
  ) { change, _ in
    guard case .columnEnabled = change else { return nil }
    return "switched on in Fivetran"
  }
}
