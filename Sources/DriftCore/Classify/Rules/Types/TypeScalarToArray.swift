extension Rule {
  static let typeScalarToArray = Rule.retyped(
    "type.scalarToArray", .breaking, writes: .fails, back: .data, policy: .block,
    "A single value has become an array."
  ) { from, to in
    guard case .array = to, !from.isText, from != .json else { return nil }
    return "queries that compare it fail"
  }
}
