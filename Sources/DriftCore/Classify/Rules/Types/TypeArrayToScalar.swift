extension Rule {
  static let typeArrayToScalar = Rule.retyped(
    "type.arrayToScalar", .breaking, writes: .fails, back: .no, policy: .block,
    summary: "An array has become a single value.",
    why: "All elements but one are gone from new values, and what takes the array apart fails.",
    advice: "Ask the source's owner which element is left. Move the readers to the single value, then merge."
  ) { from, to in
    guard case .array = from, !to.isText, to != .json else { return nil }
    return "only one element is left"
  }
}
