extension Rule {
  /// As bad as the same change of a column.
  static let typeMapKeyChanged = Rule.nested("type.mapKeyChanged", nil, "The keys of a map have another type.") {
    from, to in
    guard case .map(let old, _) = from, case .map(let new, _) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("{key}", as: "type.mapKeyChanged") }
  }
}
