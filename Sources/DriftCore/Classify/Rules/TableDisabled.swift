extension Rule {
  static let tableDisabled = Rule(
    id: "table.disabled", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "Fivetran no longer syncs a promised table.",
    why: "The landed table stays and goes stale. Nothing fails, so nobody notices.",
    advice: "Switch it on again in Fivetran, or merge to promise that it is off and tell those who read it."
  ) { change, _ in
    guard case .tableDisabled = change else { return nil }
    return "switched off in Fivetran; the landed table goes stale and nothing fails"
  }
}
