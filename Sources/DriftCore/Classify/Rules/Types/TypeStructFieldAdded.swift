extension Rule {
  static let typeStructFieldAdded = Rule.nested(
    "type.structFieldAdded", typeStructFieldAddedEffect, "A structure has a field more."
  ) { from, to in
    (fieldPairs(from, to)?.added ?? []).map { field in
      TypeFinding(
        path: field.name.text, rule: "type.structFieldAdded",
        effect: typeStructFieldAddedEffect, remark: "a new field")
    }
  }
}

private let typeStructFieldAddedEffect = TypeEffect(.safe, writes: .ok, back: .yes, policy: .auto)
