extension Rule {
  /// Never guessed at, never sent to DDL.
  static let typeUnknown = Rule.retyped("type.unknown", "A type that Mooring does not know is involved.") { from, to in
    guard from.isUnrecognized || to.isUnrecognized else { return nil }
    return (
      TypeEffect(.risky, writes: .conditional, back: .data, policy: .review),
      "not a type that Mooring knows, so nothing is drafted for it"
    )
  }
}
