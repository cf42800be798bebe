extension Rule {
  static let typeBooleanToInteger = Rule.retyped(
    "type.booleanToInteger", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "Yes and no have become a number.",
    why: "A condition on the column alone fails, and so does a comparison with TRUE.",
    advice: "Have readers compare with 1 and 0, or have the source keep the boolean; then merge."
  ) { from, to in
    guard case .boolean = from, case .integer = to else { return nil }
    return "conditions on it fail"
  }
}
