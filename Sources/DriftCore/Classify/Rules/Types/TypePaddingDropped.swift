extension Rule {
  /// Lengths are another rule's.
  static let typePaddingDropped = Rule.retyped(
    "type.paddingDropped", .risky, writes: .ok, back: .data, policy: .review,
    summary: "Text of one length, filled up with spaces, has become text of any length.",
    why: "Spaces at the end count from now on: 'a' and 'a ' were equal, and are two values now.",
    advice: "Trim the column where it is compared or joined, or have the source trim it; then merge."
  ) { from, to in
    guard case .character = from, case .text = to else { return nil }
    return "spaces at the end count from now on"
  }
}
