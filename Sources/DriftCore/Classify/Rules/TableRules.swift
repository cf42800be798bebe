extension Rule {
  static let tableAdded = Rule(
    id: "table.added", summary: "A table that no contract describes is landing."
  ) { change, _ in
    guard case .tableAdded(let table) = change else { return nil }
    return verdict(
      "table.added", .safe, writes: .ok, back: .yes, policy: .review,
      "new table with \(table.columns.count) columns; nothing reads it yet")
  }

  /// The landed table stays and silently goes stale.
  static let tableRemoved = Rule(
    id: "table.removed", summary: "The source no longer has a promised table."
  ) { change, _ in
    guard case .tableRemoved = change else { return nil }
    return verdict(
      "table.removed", .breaking, writes: .ok, back: .data, policy: .block,
      "gone from the source; the landed table stays and no longer changes")
  }

  /// The effect is told by the removal and the addition that stand beside it.
  static let tableRenameSuspected = Rule(
    id: "table.renamed.candidate", summary: "A table that went and a table that came may be one."
  ) { change, _ in
    guard case .tableRenameSuspected(let from, let to, let evidence) = change else { return nil }
    return verdict(
      "table.renamed.candidate", .risky, writes: .ok, back: .yes, policy: .review,
      "perhaps \(from) renamed to \(to)? \(twoDigits(evidence.confidence)): \(why(evidence)); taken for a removed and a new table until a person says otherwise"
    )
  }

  static let tableDisabled = Rule(
    id: "table.disabled", summary: "Fivetran no longer syncs a promised table."
  ) { change, _ in
    guard case .tableDisabled = change else { return nil }
    return verdict(
      "table.disabled", .risky, writes: .ok, back: .yes, policy: .review,
      "switched off in Fivetran; the landed table goes stale and nothing fails")
  }

  static let tableEnabled = Rule(
    id: "table.enabled", summary: "Fivetran syncs a table that the contract has switched off."
  ) { change, _ in
    guard case .tableEnabled = change else { return nil }
    return verdict(
      "table.enabled", .safe, writes: .ok, back: .yes, policy: .auto,
      "switched on in Fivetran")
  }

  /// The grain of the rows changes, or deleted rows vanish: joins and counts change without an error.
  static let syncModeChanged = Rule(
    id: "table.syncModeChanged", summary: "Rows are kept in another way than promised."
  ) { change, _ in
    guard case .syncModeChanged(_, let from, let to) = change else { return nil }
    let isMild = from == .live && to == .softDelete
    return verdict(
      "table.syncModeChanged", isMild ? .risky : .breaking, writes: isMild ? .ok : .conditional,
      back: from == .history ? .no : .data, policy: isMild ? .review : .block,
      "rows are now kept as \(to.rawValue), promised is \(from.rawValue)")
  }

  static let primaryKeyChanged = Rule(
    id: "pk.columnsChanged", summary: "The columns that identify a row are others than promised."
  ) { change, _ in
    guard case .primaryKeyChanged(let from, let to) = change else { return nil }
    let old = from.map(\.text).joined(separator: ", ")
    let new = to.map(\.text).joined(separator: ", ")
    return verdict(
      "pk.columnsChanged", .breaking, writes: .conditional, back: .data, policy: .block,
      "key was (\(old)), is (\(new)); rows may repeat and merges may collapse them")
  }
}
