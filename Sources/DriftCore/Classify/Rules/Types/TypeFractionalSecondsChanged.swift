extension Rule {
  static let typeFractionalSecondsChanged = Rule.retyped(
    "type.fractionalSecondsChanged", "A moment keeps another count of digits of a second."
  ) { from, to in
    guard case .timestamp = from, case .timestamp = to else { return nil }
    let back: Reversibility = widens(from, to: to) ? .data : .no
    return (TypeEffect(.risky, writes: .conditional, back: back, policy: .review), "equality of moments changes")
  }
}
