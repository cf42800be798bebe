extension Rule {
  /// The type would be promised without anybody knowing what it holds.
  static let unknownTypeLanded = Rule(
    id: "column.landed.typeUnknown", .safe, writes: .conditional, back: .yes, policy: .review,
    summary:
      "A column that was promised ahead of the data has landed, and its type is not known, or not one that the destination is known to have.",
    why: "What it holds is not known, so what waited for it is not built and no statement is drafted for it.",
    advice: "Look at what it holds. Merge to promise it as it is spelled, or have the source land another type."
  ) { change, context in
    guard case .columnLanded(let column) = change, let doubt = context.doubt(about: column) else { return nil }
    return "promised earlier, has landed, \(doubt), so no target is given it"
  }
}
