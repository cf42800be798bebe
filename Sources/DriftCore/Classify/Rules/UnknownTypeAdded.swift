extension Rule {
  /// The type would be promised without anybody knowing what it holds.
  static let unknownTypeAdded = Rule(
    id: "column.added.typeUnknown", .safe, writes: .conditional, back: .yes, policy: .review,
    summary: "A column has landed whose type is not known, or not one that the destination is known to have.",
    why: "What it holds is not known, so it is mapped nowhere and no statement is drafted for it.",
    advice: "Look at what it holds. Merge to promise it as it is spelled, or have the source land another type."
  ) { change, context in
    guard case .columnAdded(let column) = change, let doubt = context.doubt(about: column) else { return nil }
    return "added, \(doubt), so no target is given it"
  }
}

extension RuleContext {
  /// What makes a column's type unknown, after its spelling; nil where it is known.
  func doubt(about column: ObservedColumn) -> String? {
    guard let type = column.type else { return "of a type that was not told" }
    if dialect.has(type) { return nil }
    return "\(column.physicalType ?? "type unknown"): not a type that \(dialect.title) is known to have"
  }
}
