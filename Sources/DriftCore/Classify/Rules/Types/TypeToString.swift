extension Rule {
  /// The loader's usual promotion.
  static let typeToString = Rule.retyped(
    "type.toString", .breaking, writes: .ok, back: .data, policy: .review,
    "A column of another type has become text."
  ) { from, to in
    guard to.isText else { return nil }
    return "comparisons, sorting and arithmetic change meaning"
  }
}
