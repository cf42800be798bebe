/// Reads one statement by one form, part by part.
struct FormReader {
  let dialect: Dialect
  let tokens: [Token]
  private var index = 0

  init(dialect: Dialect, tokens: [Token]) {
    self.dialect = dialect
    self.tokens = tokens
  }

  mutating func read(_ form: Alteration) throws(StatementRefusal) -> (TableName, AlterAction) {
    var table: TableName?
    var operands = Alteration.Operands()
    var privileges: [Grant.Privilege] = []
    for (position, part) in form.parts.enumerated() {
      switch part {
      case .words(let text):
        for word in text.split(separator: " ") { try expect(word) }
      case .table:
        let schema = try name()
        try expect(".")
        table = TableName(schema: schema, name: try name())
      case .column:
        operands.column = try column()
      case .newColumn:
        let name = ColumnName(try name())
        guard dialect.canAdd(name) else {
          throw refused(.name, "\"\(visible(name.text))\" is not a name that Mooring adds")
        }
        operands.newColumn = name
      case .type:
        operands.type = try self.type(leaving: form.parts.count - position - 1)
      case .columns:
        try expect("(")
        operands.columns.append(try column())
        while index < tokens.count, tokens[index].isSymbol(",") {
          index += 1
          operands.columns.append(try column())
        }
        try expect(")")
      case .text:
        guard index < tokens.count, tokens[index].kind == .literal else { throw unexpected() }
        operands.text = tokens[index].text
        index += 1
      case .newTable(let isQualified):
        if isQualified {
          guard try name() == table?.schema else { throw refused(.name, "a table stays in its schema") }
          try expect(".")
        }
        let name = try name()
        guard dialect.canAdd(ColumnName(name)) else {
          throw refused(.name, "\"\(visible(name))\" is not a name that Mooring gives")
        }
        operands.newTable = name
      case .privileges: privileges = try self.privileges()
      case .grantee: operands.grant = Grant(privileges, to: try grantee())
      case .grantOption:
        guard index < tokens.count, let grant = operands.grant else { break }
        for word in ["WITH", "GRANT", "OPTION"] as [Substring] { try expect(word) }
        operands.grant = Grant(grant.privileges, to: grant.grantee, isGrantable: true)
      }
    }
    if index < tokens.count { throw unexpected() }
    guard let table,
      let action = AlterAction(form.kind, operands)
    else { throw StatementRefusal(.grammar, "the form says nothing that could be done") }
    return (table, action)
  }

  /// A column that is there.
  private mutating func column() throws(StatementRefusal) -> ColumnName {
    let name = ColumnName(try name())
    if dialect.isReserved(name) { throw refused(.name, "\"\(name)\" is a system column") }
    return name
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

  private mutating func privileges() throws(StatementRefusal) -> [Grant.Privilege] {
    var found: [Grant.Privilege] = []
    repeat {
      if !found.isEmpty { index += 1 }
      guard index < tokens.count, tokens[index].kind == .word,
        let privilege = Grant.Privilege(rawValue: tokens[index].text.lowercased()),
        dialect.viewPrivileges.contains(privilege), !found.contains(privilege)
      else { throw unexpected() }
      found.append(privilege)
      index += 1
    } while index < tokens.count && tokens[index].isSymbol(",")
    return found
  }

  /// A name without quotes may be a word such as `CURRENT_USER`, so names are quoted.
  private mutating func grantee() throws(StatementRefusal) -> Grant.Grantee {
    guard index < tokens.count else { throw unexpected() }
    var word = ""
    if tokens[index].kind == .word {
      word = tokens[index].text.uppercased()
      index += 1
      if word == "PUBLIC" { return .everyone }
    }
    let kind = Grant.Grantee.Kind.allCases.first { dialect.grants?.grantees[$0] == word }
    guard let kind, index < tokens.count, tokens[index].kind == .name else { throw unexpected() }
    let name = RoleName(try name())
    if dialect.isEveryone(name) { throw refused(.name, "\"\(visible(name.text))\" would be everyone") }
    return .named(kind, name)
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
