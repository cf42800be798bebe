extension Rule {
  static let typeIntegerToBoolean = Rule.retyped(
    "type.integerToBoolean", .breaking, writes: .conditional, back: .no, policy: .block,
    "A number has become yes and no."
  ) {
    from, to in
    guard case .integer = from, case .boolean = to else { return nil }
    return "all numbers but 0 are one value"
  }
}
