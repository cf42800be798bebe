extension Rule {
  static let typeToJson = Rule.retyped(
    "type.toJson", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "A value has become JSON.",
    why:
      "Comparisons, sorting and arithmetic no longer see the value but its JSON: text has quotes around it, and a number may be text.",
    advice: "Have readers take the value out and cast it, or have the source keep the old type; then merge."
  ) { from, to in
    guard case .json = to else { return nil }
    return "comparisons and arithmetic need a cast"
  }
}
