extension Rule {
  static let columnDisabled = Rule(
    id: "column.disabled", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "Fivetran no longer syncs a promised column.",
    why: "The landed column stays; it goes stale or fills with NULL, and nothing fails.",
    advice: "Switch it on again in Fivetran, or merge to promise that it is off."
  ) { change, _ in
    guard case .columnDisabled = change else { return nil }
    return "switched off in Fivetran; it goes stale or fills with NULL"
  }
}
