extension Rule {
  /// As bad as the same change of a column.
  static let typeMapValueChanged = Rule.nested(
    "type.mapValueChanged", nil,
    summary: "The values of a map have another type.",
    why: "Whoever looks something up in the map gets values of the new type.",
    advice: "Weigh it as if a column had changed so. Merge to promise it; what reads the values is changed by hand."
  ) { from, to in
    guard case .map(_, let old) = from, case .map(_, let new) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("{value}", as: "type.mapValueChanged") }
  }
}
