extension Rule {
  /// As bad as the same change of a column.
  static let typeMapValueChanged = Rule.nested("type.mapValueChanged", nil, "The values of a map have another type.") {
    from, to in
    guard case .map(_, let old) = from, case .map(_, let new) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("{value}", as: "type.mapValueChanged") }
  }
}
