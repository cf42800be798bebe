extension Rule {
  static let schemaEnabled = Rule(
    id: "schema.enabled", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "Fivetran syncs a schema that connection.yaml lists as switched off.",
    why: "Rows land that nobody asked for, and are billed; those written while it was off come only with a re-sync.",
    advice: "Move it to schemas in connection.yaml, or switch it off in Fivetran."
  ) { change, _ in
    guard case .connectionChanged(.schemaEnabled(let schema)) = change else { return nil }
    return "schema \(schema) is switched on in Fivetran; connection.yaml lists it under disabled_schemas"
  }
}
