extension Rule {
  static let typeIncompatible = Rule.retyped(
    "type.incompatible", .breaking, writes: .conditional, back: .no, policy: .block,
    summary: "A type has become one of another family.",
    why: "No value of the old type is one of the new, so readers fail, and what a load makes of older rows is open.",
    advice:
      "Ask the source's owner: it may be another thing under the old name, and belong into a column of its own. Merge only once nobody reads the old values."
  ) { _, _ in
    "values of the one are no values of the other"
  }
}
