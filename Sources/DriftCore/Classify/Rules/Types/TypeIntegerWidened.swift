extension Rule {
  static let typeIntegerWidened = Rule.retyped("type.integerWidened", "A whole number may be larger than before.") {
    from, to in
    guard case .integer = from, case .integer = to, widens(from, to: to) else { return nil }
    return (TypeEffect(.safe, writes: .ok, back: .data, policy: .auto), "")
  }
}
