extension Rule {
  static let typeToJson = Rule.retyped(
    "type.toJson", .breaking, writes: .conditional, back: .data, policy: .block,
    "A value has become JSON."
  ) { from, to in
    guard case .json = to else { return nil }
    return "comparisons and arithmetic need a cast"
  }
}
