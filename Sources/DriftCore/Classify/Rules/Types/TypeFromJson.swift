extension Rule {
  static let typeFromJson = Rule.retyped(
    "type.fromJson", .breaking, writes: .conditional, back: .data, policy: .block,
    "JSON has become a value of its own type."
  ) { from, to in
    guard case .json = from else { return nil }
    return "queries that look inside it fail"
  }
}
