extension Rule {
  static let typeScalarToArray = Rule.retyped(
    "type.scalarToArray", .breaking, writes: .fails, back: .data, policy: .block,
    summary: "A single value has become an array.",
    why: "Comparisons, joins and arithmetic with the column fail: readers must take the array apart.",
    advice: "Move the readers to the elements, or have the source keep one value; then merge."
  ) { from, to in
    guard case .array = to, !from.isText, from != .json else { return nil }
    return "queries that compare it fail"
  }
}
