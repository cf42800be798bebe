extension Rule {
  /// Never guessed at, never sent to DDL.
  static let typeUnknown = Rule.retyped(
    "type.unknown", .risky, writes: .conditional, back: .data, policy: .review,
    summary: "A type that Mooring does not know is involved.",
    why: "What the values are cannot be told from the spelling, and so neither whether readers and loads still work.",
    advice:
      "Look at what the column holds now. Merge to promise the new spelling; a target that reads the column is changed by hand."
  ) { from, to in
    guard from.isUnrecognized || to.isUnrecognized else { return nil }
    let subject =
      from.isUnrecognized && to.isUnrecognized
      ? "neither is" : from.isUnrecognized ? "the old one is not" : "the new one is not"
    return "\(subject) a type that Mooring reads, so nothing is drafted for it"
  }
}
