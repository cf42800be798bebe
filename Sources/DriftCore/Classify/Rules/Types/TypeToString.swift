extension Rule {
  /// The loader's usual promotion.
  static let typeToString = Rule.retyped("type.toString", "A column of another type has become text.") { from, to in
    guard to.isText else { return nil }
    return (
      TypeEffect(.breaking, writes: .ok, back: .data, policy: .review),
      "comparisons, sorting and arithmetic change meaning"
    )
  }
}
