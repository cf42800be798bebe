extension Rule {
  /// As bad as the same change of a column.
  static let typeStructFieldTypeChanged = Rule.nested(
    "type.structFieldTypeChanged", nil, "A field of a structure has another type."
  ) { from, to in
    guard let pairs = fieldPairs(from, to) else { return [] }
    return (pairs.kept + pairs.renamed).flatMap { old, new in
      typeFindings(from: old.type, to: new.type)
        .map { $0.inside(old.name.text, as: "type.structFieldTypeChanged") }
    }
  }
}
