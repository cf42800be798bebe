extension Rule {
  static let typeFromString = Rule.retyped("type.fromString", "Text has become another type.") { from, to in
    guard from.isText else { return nil }
    return (TypeEffect(.breaking, writes: .fails, back: .no, policy: .block), "values that do not parse are lost")
  }
}
