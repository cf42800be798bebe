/// What each step of a change does, and what it locks or costs, in order.
///
/// Read from the change alone: one that a person edited is told as it is now.
package func stepTexts(of change: Change, dialect: Dialect, rows: Int64? = nil) -> [String] {
  change.steps.map { text(of: $0.work, in: change, dialect: dialect, rows: rows) }
}

private func text(
  of work: Step.Work, in change: Change, dialect: Dialect, rows: Int64?
) -> String {
  func action(_ statement: Int) -> AlterAction? {
    change.actions.indices.contains(statement - 1) ? change.actions[statement - 1] : nil
  }
  switch work {
  case .ddl(let statement):
    guard let action = action(statement) else { return "run statement \(statement), which is not there" }
    let words = change.keptView == nil ? action.words : action.wordsBesideOldView
    return "\(words): \(dialect.cost(of: action, typeBefore: typeBefore(action, in: change), rows: rows))"
  case .backfill(let statement, let batch):
    guard let action = action(statement) else { return "run statement \(statement), which is not there" }
    let size = rows.map { ", about \($0) rows" } ?? ""
    let portion = dialect.fillsInBatches ? "in batches of \(batch)" : "at once"
    return "\(action.words) \(portion)\(size): \(dialect.cost(of: action, rows: rows))"
  case .fivetran(let patch):
    let name = patch.column.map { "\(patch.table).\($0)" } ?? "\(patch.table)"
    return "set \(patch.words) on \(name) in Fivetran"
  case .sync(let tables):
    if tables.isEmpty { return "ask Fivetran for a sync" }
    let names = tables.map { "\($0)" }.joined(separator: ", ")
    return "ask Fivetran to load \(names) again from the start: values that the source no longer has are lost"
  case .wait(.idle): return "wait until no sync runs, because a new setting would cancel it"
  case .wait(.synced): return "wait until that sync has succeeded"
  case .verify(.targetColumn(let name, _)):
    let isRetyped = change.actions.contains { if case .setType(name, _) = $0 { true } else { false } }
    return isRetyped ? "check that \(name) has its new type" : "check that \(name) is there"
  case .verify(.targetView):
    return change.grants.isEmpty ? "check that the view is there" : "check that the view is there, and who may read it"
  case .verify(.landedColumn(let column)): return "check that \(column) has landed"
  case .verify(.setting(let patch)):
    if change.patches(patch) { return "check that Fivetran kept the setting" }
    return "wait until somebody has set \(patch.words) on \(patch.column ?? "\(patch.table)") in Fivetran"
  }
}

/// The type that the change was made for.
private func typeBefore(_ action: AlterAction, in change: Change) -> ColumnType? {
  guard case .setType(let name, _) = action else { return nil }
  return change.footprint.target[name] ?? nil
}

extension AlterAction {
  fileprivate var wordsBesideOldView: String {
    switch self {
    case .renameTable(let name): "keep the old view as \(visible(name))"
    case .replaceView: "make the view anew; until then no view has the name"
    default: words
    }
  }
}
