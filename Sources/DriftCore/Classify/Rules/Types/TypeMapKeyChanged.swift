extension Rule {
  /// As bad as the same change of a column.
  static let typeMapKeyChanged = Rule.nested(
    "type.mapKeyChanged", nil,
    summary: "The keys of a map have another type.",
    why: "A value is found by its exact key: with a key of the old type it is not found, or the query fails.",
    advice: "Move the queries to keys of the new type, then merge."
  ) { from, to in
    guard case .map(let old, _) = from, case .map(let new, _) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("{key}", as: "type.mapKeyChanged") }
  }
}
