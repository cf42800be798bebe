extension Rule {
  static let schemaRemoved = Rule(
    id: "schema.removed", .breaking, writes: .ok, back: .source, policy: .block,
    summary: "The source says of every table of a promised schema that it is gone.",
    why:
      "The landed tables stay and no longer change: every reader goes on seeing old rows, without an error. A permission that was lost looks the same.",
    advice:
      "Check first that the connection may still read the schema. If it is really gone, deprecate its contracts and take it out of connection.yaml."
  ) { change, _ in
    guard case .connectionChanged(.schemaRemoved(let schema)) = change else { return nil }
    return "every table of schema \(schema) is gone from the source; what has landed stays and no longer changes"
  }
}
