extension Rule {
  static let typeStructFieldAdded = Rule.nested(
    "type.structFieldAdded", typeStructFieldAddedEffect,
    summary: "A structure has a field more.",
    why: "Who reads fields by name notices nothing. A load by position and whoever selects all fields meet one more.",
    advice: "Merge to promise the field. Where a target should have it, map it by hand."
  ) { from, to in
    (fieldPairs(from, to)?.added ?? []).map { field in
      TypeFinding(
        path: field.name.text, rule: "type.structFieldAdded",
        effect: typeStructFieldAddedEffect, remark: "a new field")
    }
  }
}

private let typeStructFieldAddedEffect = TypeEffect(.safe, writes: .ok, back: .yes, policy: .auto)
