extension Rule {
  /// As bad as the same change of a column.
  static let typeStructFieldTypeChanged = Rule.nested(
    "type.structFieldTypeChanged", nil,
    summary: "A field of a structure has another type.",
    why: "Who reads the field relies on its type as on a column's.",
    advice: "Weigh it as if a column had changed so. Merge to promise it; what reads the field is changed by hand."
  ) { from, to in
    guard let pairs = fieldPairs(from, to) else { return [] }
    return (pairs.kept + pairs.renamed).flatMap { old, new in
      typeFindings(from: old.type, to: new.type)
        .map { $0.inside(old.name.text, as: "type.structFieldTypeChanged") }
    }
  }
}
