extension Rule {
  static let typeStructFieldRemoved = Rule.nested(
    "type.structFieldRemoved", typeStructFieldRemovedEffect,
    summary: "A structure has a field less.",
    why: "A query that reads the field fails.",
    advice:
      "Ask the source's owner where its values went. Merge to promise the structure without it, once nobody reads it."
  ) { from, to in
    (fieldPairs(from, to)?.removed ?? []).map { field in
      TypeFinding(
        path: field.name.text, rule: "type.structFieldRemoved",
        effect: typeStructFieldRemovedEffect,
        remark: "gone; queries that select it fail")
    }
  }
}

private let typeStructFieldRemovedEffect = TypeEffect(.breaking, writes: .ok, back: .data, policy: .block)
