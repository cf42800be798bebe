extension Rule {
  /// As bad as the same change of a column.
  static let typeArrayElementChanged = Rule.nested(
    "type.arrayElementChanged", nil, "The elements of an array have another type."
  ) { from, to in
    guard case .array(let old) = from, case .array(let new) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("[]", as: "type.arrayElementChanged") }
  }
}
