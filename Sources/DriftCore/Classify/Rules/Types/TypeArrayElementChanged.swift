extension Rule {
  /// As bad as the same change of a column.
  static let typeArrayElementChanged = Rule.nested(
    "type.arrayElementChanged", nil,
    summary: "The elements of an array have another type.",
    why: "Whoever takes the array apart gets values of the new type.",
    advice: "Weigh it as if a column had changed so. Merge to promise it; what reads the elements is changed by hand."
  ) { from, to in
    guard case .array(let old) = from, case .array(let new) = to else { return [] }
    return typeFindings(from: old, to: new).map { $0.inside("[]", as: "type.arrayElementChanged") }
  }
}
