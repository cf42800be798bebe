extension Rule {
  /// Lengths are another rule's.
  static let typePaddingAdded = Rule.retyped(
    "type.paddingAdded", .risky, writes: .conditional, back: .data, policy: .review,
    summary: "Text of any length has become text of one length, filled up with spaces.",
    why:
      "Spaces at the end no longer count: what differed in them alone is equal, and what joins or measures the text may see it filled up.",
    advice: "Look for keys and comparisons of the column, and trim it where it is joined with other text; then merge."
  ) { from, to in
    guard case .text = from, case .character = to else { return nil }
    return "spaces at the end no longer count"
  }
}
