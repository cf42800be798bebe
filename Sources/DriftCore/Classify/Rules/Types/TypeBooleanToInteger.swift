extension Rule {
  static let typeBooleanToInteger = Rule.retyped(
    "type.booleanToInteger", .breaking, writes: .conditional, back: .data, policy: .block,
    "Yes and no have become a number."
  ) {
    from, to in
    guard case .boolean = from, case .integer = to else { return nil }
    return "conditions on it fail"
  }
}
