extension Rule {
  /// Never guessed at, never sent to DDL.
  static let typeUnknown = Rule.retyped(
    "type.unknown", .risky, writes: .conditional, back: .data, policy: .review,
    "A type that Mooring does not know is involved."
  ) { from, to in
    guard from.isUnrecognized || to.isUnrecognized else { return nil }
    return "not a type that Mooring knows, so nothing is drafted for it"
  }
}
