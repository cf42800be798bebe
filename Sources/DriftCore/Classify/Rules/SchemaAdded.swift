extension Rule {
  static let schemaAdded = Rule(
    id: "schema.added", .safe, writes: .ok, back: .yes, policy: .review,
    summary: "The source has a schema that connection.yaml does not list.",
    why: "Nothing reads it yet. Under ALLOW_ALL its tables land from the next sync on, and their rows are billed.",
    advice:
      "List it under schemas in connection.yaml, or under disabled_schemas where it stays switched off; switch it off in Fivetran where nobody wants it."
  ) { change, _ in
    guard case .connectionChanged(.schemaAdded(let schema, let isEnabled)) = change else { return nil }
    return isEnabled
      ? "schema \(schema) is new and lands"
      : "schema \(schema) is new at the source and switched off: nothing of it lands"
  }
}
