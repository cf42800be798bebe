extension Dialect {
  /// Reads one statement of the ALTER family by the dialect's closed grammar, and refuses everything else.
  package func parse(_ statement: String) throws(StatementRefusal) -> (TableName, AlterAction) {
    // ALTER statements are short; a long one is something else.
    guard statement.utf8.count <= 16_384 else {
      throw StatementRefusal(.size, "the statement is longer than 16 KB")
    }
    let tokens = try tokens(of: statement)
    if let index = tokens.firstIndex(where: { $0.isSymbol(";") }) {
      throw StatementRefusal(.separator, token: index + 1, "a semicolon inside a statement")
    }
    var refusal = StatementRefusal(.grammar, "the statement is empty")
    for form in alterations {
      var reader = FormReader(dialect: self, tokens: tokens)
      do { return try reader.read(form) } catch {
        // The form that went furthest is the one that was meant.
        if error.token ?? 0 > refusal.token ?? 0 { refusal = error }
      }
    }
    throw refusal
  }

  /// Holds the statements of a merged change against what it says it does; empty when each may run as it stands.
  ///
  /// Statements of the ALTER family are parsed and compared with the change's actions. What holds a SELECT is rendered
  /// again from the merged mapping and must be equal, token for token.
  package func verify(
    statements: [String], against change: Change, mapping: Mapping?,
    landed: [ColumnName: ColumnType], systemColumns: [ColumnName] = []
  ) -> [StatementRefusal] {
    if statements.isEmpty, change.actions.isEmpty { return [] }
    guard statements.count == change.actions.count else {
      return [
        StatementRefusal(
          .plan,
          "the change has \(change.actions.count) actions and \(statements.count) statements")
      ]
    }
    guard let target = change.target else {
      return [StatementRefusal(.plan, "the change has statements and no target")]
    }
    if target == change.table {
      return [StatementRefusal(.plan, "\(target) is the landed table, which Fivetran owns")]
    }
    if let mapping, mapping.target.table != target, mapping.target.table != change.renamedTarget {
      return [
        StatementRefusal(.plan, "the mapping feeds \(mapping.target.table), the change \(target)")
      ]
    }
    if let reason = change.misplacedAction { return [StatementRefusal(.plan, reason)] }
    var refusals: [StatementRefusal] = []
    for (index, (statement, action)) in zip(statements, change.actions).enumerated() {
      do {
        switch action {
        case .replaceView, .backfill:
          try verifyRendered(
            statement, action, mapping: mapping, landed: landed, systemColumns: systemColumns)
        case .copyColumn: try verifyCopied(statement, action, target: target)
        case .addColumn, .setType, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .commentColumn,
          .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .dropView, .grant:
          try verifyParsed(statement, action, target: target)
        }
      } catch {
        var refusal = error
        refusal.statement = index + 1
        refusals.append(refusal)
      }
    }
    return refusals
  }

  /// A statement that must be equal to what is drafted now.
  private func drafting(_ draft: () throws(DraftRefusal) -> String) throws(StatementRefusal) -> String {
    do { return try draft() } catch { throw StatementRefusal(.plan, "drafting it again: \(error)") }
  }

  private func verifyCopied(
    _ statement: String, _ action: AlterAction, target: TableName
  ) throws(StatementRefusal) {
    let drafted = try drafting { () throws(DraftRefusal) in try alter(target, action) }
    if let token = try firstDifference(tokens(of: statement), tokens(of: drafted)) {
      throw StatementRefusal(.plan, token: token, "differs from the copy that its action in change.yaml says")
    }
  }

  private func verifyParsed(
    _ statement: String, _ action: AlterAction, target: TableName
  ) throws(StatementRefusal) {
    let (table, found) = try parse(statement)
    guard table == target else {
      throw StatementRefusal(
        .plan, "the statement is about \(visible("\(table)")), the change about \(target)")
    }
    guard found.asStored(in: self) == action.asStored(in: self) else {
      throw StatementRefusal(
        .plan, "the statement does not do what its action in change.yaml says: let both say the same")
    }
  }

  private func verifyRendered(
    _ statement: String, _ action: AlterAction, mapping: Mapping?,
    landed: [ColumnName: ColumnType], systemColumns: [ColumnName]
  ) throws(StatementRefusal) {
    guard let mapping else {
      throw StatementRefusal(.plan, "there is no mapping to render the statement from")
    }
    let rendered = try drafting { () throws(DraftRefusal) in
      try self.statement(for: action, mapping: mapping, landed: landed, systemColumns: systemColumns)
    }
    if let token = try firstDifference(tokens(of: statement), tokens(of: rendered)) {
      throw StatementRefusal(.plan, token: token, "differs from what the mapping renders")
    }
  }
}

extension AlterAction {
  /// With the type that a column then has, for warehouses that keep several types alike.
  fileprivate func asStored(in dialect: Dialect) -> AlterAction {
    switch self {
    case .addColumn(let name, let type): .addColumn(name, dialect.stored(type))
    case .setType(let name, let type): .setType(name, dialect.stored(type))
    case .copyColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable,
      .addPrimaryKey, .dropPrimaryKey, .renameTable, .replaceView, .dropView, .grant, .backfill:
      self
    }
  }
}

extension Change {
  /// The target's name afterwards, where the change gives it another one.
  var renamedTarget: TableName? {
    guard case .renameTable(let name) = actions.last, let target else { return nil }
    return TableName(schema: target.schema, name: name)
  }
}
