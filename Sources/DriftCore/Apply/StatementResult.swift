/// What a statement must have made of its target. Looked at before its transaction ends, where there is one.
package struct StatementResult: Hashable, Sendable {
  package var target: TableName
  /// Columns that the statement touches; nil for "not there".
  package var columns: [ColumnName: ColumnType?]
  package var isView: Bool

  package init(target: TableName, columns: [ColumnName: ColumnType?], isView: Bool = false) {
    self.target = target
    self.columns = columns
    self.isView = isView
  }

  /// What is not so, in words; nil where all of it is.
  package func missing(in table: CatalogueTable?, dialect: Dialect) -> String? {
    guard let table else { return "\(target) is not there" }
    if isView, !table.isView { return "\(target) is no view" }
    for (name, type) in columns.sorted(by: { $0.key < $1.key }) {
      let found = table.columns.first { $0.name == name }?.physicalType
      switch (type, found) {
      case (nil, nil): continue
      case (nil, let found?): return "\(target).\(name) is there, as \(found)"
      case (.some, nil): return "\(target).\(name) is not there"
      case (let type?, let found?):
        if dialect.parseType(found) != type { return "\(target).\(name) is \(found), not \(type.text)" }
      }
    }
    return nil
  }
}

extension PendingChange {
  /// Nil where the catalogue does not show what the statement does.
  package func result(of statement: Int) -> StatementResult? {
    guard let target = change.target, change.actions.indices.contains(statement - 1) else { return nil }
    let action = change.actions[statement - 1]
    switch action {
    case .addColumn, .setType, .renameColumn, .dropColumn:
      let expected = change.expectedTarget(after: statement)
      var columns: [ColumnName: ColumnType?] = [:]
      for name in action.names {
        switch expected[name] {
        case .absent?: columns[name] = .some(nil)
        case .present(let type?)?: columns[name] = type
        case .present(nil)?, nil: continue
        }
      }
      return StatementResult(target: target, columns: columns)
    case .replaceView: return StatementResult(target: target, columns: [:], isView: true)
    case .copyColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey,
      .renameTable, .dropView, .grant, .backfill:
      return nil
    }
  }
}
