extension Rule {
  static let typeStructFieldRemoved = Rule.nested(
    "type.structFieldRemoved", typeStructFieldRemovedEffect, "A structure has a field less."
  ) {
    from, to in
    (fieldPairs(from, to)?.removed ?? []).map { field in
      TypeFinding(
        path: field.name.text, rule: "type.structFieldRemoved",
        effect: typeStructFieldRemovedEffect,
        remark: "gone; queries that select it fail")
    }
  }
}

private let typeStructFieldRemovedEffect = TypeEffect(.breaking, writes: .ok, back: .data, policy: .block)
