extension Rule {
  static let typeArrayToScalar = Rule.retyped("type.arrayToScalar", "An array has become a single value.") { from, to in
    guard case .array = from, !to.isText, to != .json else { return nil }
    return (TypeEffect(.breaking, writes: .fails, back: .no, policy: .block), "only one element is left")
  }
}
