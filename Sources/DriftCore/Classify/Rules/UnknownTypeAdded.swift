extension Rule {
  /// The type would be promised without anybody knowing what it holds.
  static let unknownTypeAdded = Rule(
    id: "column.added.typeUnknown", .safe, writes: .conditional, back: .yes, policy: .review,
    summary: "A column has landed whose type is not one that the destination is known to have.",
    why: "What it holds is not known, so it is mapped nowhere and no statement is drafted for it.",
    advice: "Look at what it holds. Merge to promise it as it is spelled, or have the source land another type."
  ) { change, context in
    guard case .columnAdded(let column) = change, let type = column.type, !context.dialect.has(type) else { return nil }
    return
      "added, \(column.physicalType ?? "type unknown"): not a type that \(context.dialect.title) is known to have, so no target is given it"
  }
}
