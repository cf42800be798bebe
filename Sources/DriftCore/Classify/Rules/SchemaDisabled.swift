extension Rule {
  static let schemaDisabled = Rule(
    id: "schema.disabled", .risky, writes: .ok, back: .yes, policy: .review,
    summary: "Fivetran no longer syncs a promised schema.",
    why: "Every landed table of it stays and goes stale. Nothing fails, so nobody notices.",
    advice:
      "Switch it on again in Fivetran, or move it to disabled_schemas in connection.yaml and tell those who read it."
  ) { change, _ in
    guard case .connectionChanged(.schemaDisabled(let schema)) = change else { return nil }
    return "schema \(schema) is switched off in Fivetran; its tables go stale and nothing fails"
  }
}
