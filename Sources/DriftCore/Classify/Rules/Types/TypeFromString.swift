extension Rule {
  static let typeFromString = Rule.retyped(
    "type.fromString", .breaking, writes: .fails, back: .no, policy: .block,
    "Text has become another type."
  ) { from, to in
    guard from.isText else { return nil }
    return "values that do not parse are lost"
  }
}
