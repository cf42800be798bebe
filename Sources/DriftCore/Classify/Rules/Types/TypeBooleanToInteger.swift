extension Rule {
  static let typeBooleanToInteger = Rule.retyped("type.booleanToInteger", "Yes and no have become a number.") {
    from, to in
    guard case .boolean = from, case .integer = to else { return nil }
    return (TypeEffect(.breaking, writes: .conditional, back: .data, policy: .block), "conditions on it fail")
  }
}
