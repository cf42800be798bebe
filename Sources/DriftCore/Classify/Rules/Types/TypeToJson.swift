extension Rule {
  static let typeToJson = Rule.retyped("type.toJson", "A value has become JSON.") { from, to in
    guard case .json = to else { return nil }
    return (
      TypeEffect(.breaking, writes: .conditional, back: .data, policy: .block), "comparisons and arithmetic need a cast"
    )
  }
}
