extension Rule {
  /// Told by case and underscores alone: any other pair is a removal and an addition.
  static let typeStructFieldRenamed = Rule.nested(
    "type.structFieldRenamed", typeStructFieldRenamedEffect, "A field of a structure has another spelling."
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
