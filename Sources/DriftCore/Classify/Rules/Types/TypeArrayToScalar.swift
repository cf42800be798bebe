extension Rule {
  static let typeArrayToScalar = Rule.retyped(
    "type.arrayToScalar", .breaking, writes: .fails, back: .no, policy: .block,
    "An array has become a single value."
  ) { from, to in
    guard case .array = from, !to.isText, to != .json else { return nil }
    return "only one element is left"
  }
}
