extension Rule {
  /// The last one: a change that no other rule speaks of is one that nobody thought about, and never green.
  static let unknownChange = Rule(
    id: "unknown", .breaking, writes: .conditional, back: .no, policy: .block,
    summary: "A change that no other rule speaks of.",
    why: "Nobody has thought about what it does to readers and to what is written.",
    advice: "Look at it yourself, and report it: a kind of change should have a rule."
  ) { _, _ in "no rule speaks of this change" }
}
