extension Rule {
  static let typeIntegerToBoolean = Rule.retyped(
    "type.integerToBoolean", .breaking, writes: .conditional, back: .no, policy: .block,
    summary: "A number has become yes and no.",
    why: "All numbers but 0 become one value, and sums and comparisons with numbers fail.",
    advice:
      "Merge where it only ever was 0 or 1, and readers no longer count with it; else have the source keep the number."
  ) { from, to in
    guard case .integer = from, case .boolean = to else { return nil }
    return "all numbers but 0 are one value"
  }
}
