extension Rule {
  static let typeLengthWidened = Rule.retyped(
    "type.lengthWidened", .safe, writes: .ok, back: .data, policy: .auto,
    "Text may be longer than before."
  ) { from, to in
    guard case .text = from, case .text = to, widens(from, to: to) else { return nil }
    return ""
  }
}
