/// What of a subject's drift is proposed where people said no to some of it.
package struct Remainder: Hashable, Sendable {
  /// To be proposed, in the order in which they were found.
  package private(set) var proposed: [ClassifiedChange]
  /// What is left out was refused, or is nothing but words about what was.
  package private(set) var refused = RefusedParts()

  /// Where nothing was refused.
  package init(of changes: [ClassifiedChange]) { proposed = changes }

  /// - Parameters:
  ///   - refused: fingerprints.
  ///   - mapping: of the table; nil where it has none, and for the connection.
  package init(
    of changes: [ClassifiedChange], refused: Set<String>, mapping: Mapping? = nil, landed: ObservedTable? = nil,
    dialect: Dialect
  ) {
    proposed = changes.filter { !refused.contains($0.fingerprint) }
    if proposed.count == changes.count { return }
    var parts = RefusedParts()
    parts.leftOut = changes.filter { refused.contains($0.fingerprint) }
    let worded = Set(proposed.filter { $0.change.isOnlyAbout(parts.leftOut, beside: proposed) }.map(\.fingerprint))
    proposed.removeAll { worded.contains($0.fingerprint) }
    if !proposed.isEmpty {
      let unrenderable = Self.unrenderable(mapping, landed: landed, dialect: dialect)
      for change in parts.leftOut {
        parts.needed[change.fingerprint] =
          change.change.isNeeded(by: proposed) ?? change.change.isNeeded(by: unrenderable)
      }
    }
    let isHere = { [parts] (change: ClassifiedChange) in
      !worded.contains(change.fingerprint)
        && (!refused.contains(change.fingerprint) || parts.needed[change.fingerprint] != nil)
    }
    proposed = changes.filter(isHere)
    parts.leftOut = changes.filter { !isHere($0) }
    self.refused = parts
  }

  /// Columns of statements that cannot be written from what lands now: every one of a view, the keys of a table. `load.sql`
  /// can go on reading the others as it does.
  private static func unrenderable(_ mapping: Mapping?, landed: ObservedTable?, dialect: Dialect) -> [MappingColumn] {
    guard let mapping, let landed, mapping.target.kind != .none else { return [] }
    let types = landedTypes(of: landed)
    let isView = mapping.target.kind == .view
    return mapping.columns.filter { column in
      guard isView || column.isKey else { return false }
      return (try? dialect.expression(for: column, landed: types, use: isView ? .view : .assignment)) == nil
    }
  }
}

extension SchemaChange {
  /// Whether it drafts nothing of its own, and what it speaks of is left out.
  fileprivate func isOnlyAbout(_ leftOut: [ClassifiedChange], beside proposed: [ClassifiedChange]) -> Bool {
    switch self {
    case .referenceOrphaned(_, let heir): leftOut.contains { $0.change.renamedTo == heir }
    case .renameSuspected(let from, let to, _), .unitSuspected(let from, let to, _):
      !proposed.contains { other in
        switch other.change {
        case .columnRemoved(let column): column.name == from.name
        case .columnAdded(let column): column.name == to.name
        default: false
        }
      }
    default: false
    }
  }

  /// Why what is proposed cannot do without it; nil where it can.
  fileprivate func isNeeded(by proposed: [ClassifiedChange]) -> String? {
    guard let name = promised else { return nil }
    let isInKey = proposed.contains {
      if case .primaryKeyChanged(_, let key) = $0.change { key.contains(name) } else { false }
    }
    return isInKey ? "the new key has it" : nil
  }

  /// Why statements cannot do without it; nil where they can.
  fileprivate func isNeeded(by unrenderable: [MappingColumn]) -> String? {
    guard let name = promiseBefore?.name else { return nil }
    return unrenderable.first { $0.sources.contains(name) }
      .map { "what feeds \($0.target) cannot be written for the type that lands now" }
  }

  private var renamedTo: ColumnName? {
    if case .columnRenamed(_, let to, _) = self { to.name } else { nil }
  }

  /// The column that the contract promises only after it.
  private var promised: ColumnName? {
    if case .columnAdded(let column) = self { column.name } else { renamedTo }
  }

  /// What the contract says of a column that may have landed with another type.
  var promiseBefore: ContractColumn? {
    switch self {
    case .typeChanged(let promise, _, _), .columnReadded(let promise, _), .columnRemoved(let promise): promise
    default: nil
    }
  }
}
