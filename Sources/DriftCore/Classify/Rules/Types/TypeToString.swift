extension Rule {
  /// The loader's usual promotion.
  static let typeToString = Rule.retyped(
    "type.toString", .breaking, writes: .ok, back: .data, policy: .review,
    summary: "A column of another type has become text.",
    why:
      "Fivetran makes a column text when it meets a value of another kind. 10 then sorts before 9, equality is that of the spelling, and sums fail.",
    advice: "Look at which values made it text. Merge to promise text; a target keeps its type and converts."
  ) { from, to in
    guard to.isText else { return nil }
    return "comparisons, sorting and arithmetic change meaning"
  }
}
