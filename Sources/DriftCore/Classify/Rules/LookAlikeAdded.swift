extension Rule {
  /// Two columns that a person, and many a tool, takes for one.
  static let lookAlikeAdded = Rule(
    id: "column.added.lookAlike", .risky, writes: .conditional, back: .yes, policy: .review,
    summary: "A column has landed whose name is that of another but for its case or for how its letters are spelled.",
    why:
      "Who reads without quotes, or in a tool that ignores case, gets one of the two or an error; no target can have both where names are folded.",
    advice: "Rename one at the source, or keep one out in Fivetran. Merge to promise both, each under its exact name."
  ) { change, context in
    guard case .columnAdded(let column) = change, let other = context.lookAlikes[column.name] else { return nil }
    return
      "added, \(column.physicalType ?? "type unknown"), nullable; already landed; has the name of \"\(other)\" \(column.name.difference(from: other))"
  }
}
