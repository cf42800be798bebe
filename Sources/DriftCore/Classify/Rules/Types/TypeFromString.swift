extension Rule {
  static let typeFromString = Rule.retyped(
    "type.fromString", .breaking, writes: .fails, back: .no, policy: .block,
    summary: "Text has become another type.",
    why: "What does not read as the new type becomes NULL or fails to load, and functions of text fail on the column.",
    advice:
      "Count the values that do not read as the new type. Merge where there are none; else have the source keep text."
  ) { from, to in
    guard from.isText else { return nil }
    return "values that do not parse are lost"
  }
}
