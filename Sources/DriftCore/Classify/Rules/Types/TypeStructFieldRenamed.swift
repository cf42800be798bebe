extension Rule {
  /// Told by case and underscores alone: any other pair is a removal and an addition.
  static let typeStructFieldRenamed = Rule.nested(
    "type.structFieldRenamed", typeStructFieldRenamedEffect,
    summary: "A field of a structure has another spelling.",
    why: "A query that reads the field under its old name fails, and so does a load that writes it.",
    advice: "Move the readers to the new name, or have the source keep the old one; then merge."
  ) { from, to in
    (fieldPairs(from, to)?.renamed ?? []).map { old, new in
      TypeFinding(
        path: old.name.text, rule: "type.structFieldRenamed",
        effect: typeStructFieldRenamedEffect,
        remark: "is \(new.name) now")
    }
  }
}

private let typeStructFieldRenamedEffect = TypeEffect(.breaking, writes: .conditional, back: .yes, policy: .review)
