extension Rule {
  static let typeFromJson = Rule.retyped(
    "type.fromJson", .breaking, writes: .conditional, back: .data, policy: .block,
    summary: "JSON has become a value of its own type.",
    why: "Queries that look inside the JSON fail.",
    advice: "Move the readers to the plain value, or have the source keep the JSON; then merge."
  ) { from, to in
    guard case .json = from else { return nil }
    return "queries that look inside it fail"
  }
}
