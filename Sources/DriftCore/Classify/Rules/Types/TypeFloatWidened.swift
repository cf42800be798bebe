extension Rule {
  static let typeFloatWidened = Rule.retyped(
    "type.floatWidened", .safe, writes: .ok, back: .data, policy: .auto,
    "A floating number keeps more digits."
  ) { from, to in
    guard case .float = from, case .float = to, widens(from, to: to) else { return nil }
    return ""
  }
}
