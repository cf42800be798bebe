extension Rule {
  /// Readers by name notice nothing; a load by position does.
  static let typeStructFieldMoved = Rule.nested(
    "type.structFieldMoved", typeStructFieldMovedEffect,
    summary: "The fields of a structure are in another order.",
    why: "Readers by name notice nothing. A load by position puts values into the wrong fields.",
    advice: "Have loads name the fields, then merge."
  ) { from, to in
    guard case .structure(let old) = from, case .structure(let new) = to, old != new,
      Set(old.map(\.name)) == Set(new.map(\.name)), old.map(\.name) != new.map(\.name)
    else { return [] }
    return [
      TypeFinding(
        rule: "type.structFieldMoved",
        effect: typeStructFieldMovedEffect,
        remark: "the same fields in another order")
    ]
  }
}

private let typeStructFieldMovedEffect = TypeEffect(.safe, writes: .conditional, back: .yes, policy: .review)
