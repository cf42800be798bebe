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
    if let mapping, mapping.target.table != target {
      return [
        StatementRefusal(.plan, "the mapping feeds \(mapping.target.table), the change \(target)")
      ]
    }
    var refusals: [StatementRefusal] = []
    for (index, (statement, action)) in zip(statements, change.actions).enumerated() {
      do {
        switch action {
        case .replaceView, .backfill:
          try verifyRendered(
            statement, action, mapping: mapping, landed: landed, systemColumns: systemColumns)
        case .addColumn, .setType, .renameColumn, .dropColumn, .dropNotNull, .setNotNull,
          .dropView:
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
    let rendered: String
    do {
      rendered = try self.statement(
        for: action, mapping: mapping, landed: landed, systemColumns: systemColumns)
    } catch {
      throw StatementRefusal(.plan, "rendering it from the mapping again: \(error)")
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
    case .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .replaceView, .dropView, .backfill:
      self
    }
  }
}

/// Reads one statement by one form, part by part.
private struct FormReader {
  let dialect: Dialect
  let tokens: [Token]
  private var index = 0

  init(dialect: Dialect, tokens: [Token]) {
    self.dialect = dialect
    self.tokens = tokens
  }

  mutating func read(_ form: Alteration) throws(StatementRefusal) -> (TableName, AlterAction) {
    var table: TableName?
    var column: ColumnName?
    var newColumn: ColumnName?
    var type: ColumnType?
    for (position, part) in form.parts.enumerated() {
      switch part {
      case .words(let text):
        for word in text.split(separator: " ") { try expect(word) }
      case .table:
        let schema = try name()
        try expect(".")
        table = TableName(schema: schema, name: try name())
      case .column:
        let name = ColumnName(try name())
        if dialect.isReserved(name) { throw refused(.name, "\"\(name)\" is a system column") }
        column = name
      case .newColumn:
        let name = ColumnName(try name())
        guard dialect.canAdd(name) else {
          throw refused(.name, "\"\(visible(name.text))\" is not a name that Mooring adds")
        }
        newColumn = name
      case .type:
        type = try self.type(leaving: form.parts.count - position - 1)
      }
    }
    if index < tokens.count { throw unexpected() }
    guard let table,
      let action = AlterAction(form.kind, column: column, newColumn: newColumn, type: type)
    else { throw StatementRefusal(.grammar, "the form says nothing that could be done") }
    return (table, action)
  }

  private mutating func expect(_ text: Substring) throws(StatementRefusal) {
    guard index < tokens.count, tokens[index].kind == .word || tokens[index].kind == .symbol,
      tokens[index].text.uppercased() == text
    else { throw unexpected() }
    index += 1
  }

  private mutating func name() throws(StatementRefusal) -> String {
    guard index < tokens.count else { throw unexpected() }
    let token = tokens[index]
    let text: String
    switch token.kind {
    case .name: text = token.text
    case .word:
      text =
        switch dialect.lexicon.folding {
        case .lower: token.text.lowercased()
        case .upper: token.text.uppercased()
        case .none: token.text
        }
    case .literal, .number, .parameter, .symbol: throw unexpected()
    }
    index += 1
    do { _ = try dialect.quote(text) } catch { throw refused(.name, "\(error)") }
    return text
  }

  /// Everything but the last `rest` tokens.
  private mutating func type(leaving rest: Int) throws(StatementRefusal) -> ColumnType {
    guard index < tokens.count - rest else { throw unexpected() }
    let first = index
    let part = tokens[index..<tokens.count - rest]
    for token in part {
      switch token.kind {
      case .word, .number: break
      case .symbol where token.text.allSatisfy { "(),<>:".contains($0) }: break
      case .name, .literal, .parameter, .symbol: throw unexpected()
      }
      index += 1
    }
    let spelled = part.map(\.text).joined(separator: " ")
    let type = dialect.parseType(spelled)
    guard dialect.typeName(type) != nil else {
      throw StatementRefusal(
        .type, token: first + 1, "\"\(visible(spelled))\" is not a type that Mooring writes")
    }
    return type
  }

  /// A refusal of the token that was read last.
  private func refused(_ check: StatementRefusal.Check, _ message: String) -> StatementRefusal {
    StatementRefusal(check, token: index, message)
  }

  private func unexpected() -> StatementRefusal {
    let message =
      index < tokens.count
      ? "unexpected \"\(visible(tokens[index].text))\"" : "the statement ends too early"
    return StatementRefusal(.grammar, token: index + 1, message)
  }
}
