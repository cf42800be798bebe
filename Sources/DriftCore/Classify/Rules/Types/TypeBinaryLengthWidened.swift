extension Rule {
  static let typeBinaryLengthWidened = Rule.retyped(
    "type.binaryLengthWidened", .safe, writes: .ok, back: .data, policy: .auto,
    "Bytes may be more than before."
  ) {
    from, to in
    guard case .binary = from, case .binary = to, widens(from, to: to) else { return nil }
    return ""
  }
}
