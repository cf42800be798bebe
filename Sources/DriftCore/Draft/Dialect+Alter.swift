extension Dialect {
  /// Whether `alter` has a form for this kind of action.
  package func canWrite(_ kind: AlterAction.Kind) -> Bool {
    kind == .copyColumn || alterations.contains { $0.kind == kind }
  }

  /// One ALTER (or DROP VIEW) statement on a table that the team owns; no comment, no semicolon.
  ///
  /// `replaceView` and `backfill` need a mapping and are refused here.
  package func alter(_ table: TableName, _ action: AlterAction) throws(DraftRefusal) -> String {
    if case .copyColumn(let old, let oldType, let new, let newType) = action {
      return try copy(table, from: old, oldType, to: new, newType)
    }
    guard let form = alterations.first(where: { $0.kind == action.kind }) else {
      throw .unsupported(action: action.kind.rawValue, dialect: title)
    }
    let operands = action.operands
    if let name = operands.newColumn, !canAdd(name) { throw .notAddable(name) }
    for name in operands.columns + [operands.column].compactMap({ $0 }) where isReserved(name) {
      throw .reserved(name)
    }
    var words: [String] = []
    for part in form.parts {
      switch part {
      case .words(let text): words.append(text)
      case .table:
        words.append(try naming { () throws(NameRefusal) in try quote(table) })
      case .column:
        let name = operands.column ?? ""
        words.append(try naming { () throws(NameRefusal) in try quote(name) })
      case .newColumn:
        let name = operands.newColumn ?? ""
        words.append(try naming { () throws(NameRefusal) in try quote(name) })
      case .type:
        let type = operands.type ?? .unrecognized("")
        guard let name = typeName(type) else {
          throw .unrecognizedType(operands.column ?? operands.newColumn ?? "", "\(type)")
        }
        words.append(name)
      case .columns:
        words.append(
          try "("
            + operands.columns.map { name throws(DraftRefusal) in
              try naming { () throws(NameRefusal) in try quote(name) }
            }.joined(separator: ", ") + ")")
      case .text: words.append(try literal(operands.text ?? ""))
      case .newTable(let isQualified):
        let name = operands.newTable ?? ""
        guard canAdd(ColumnName(name)) else { throw .notAddable(ColumnName(name)) }
        let moved = TableName(schema: table.schema, name: name)
        words.append(
          try naming { () throws(NameRefusal) in isQualified ? try quote(moved) : try quote(name) })
      case .privileges: words.append(try privileges(of: operands.grant))
      case .grantee: words.append(try grantee(of: operands.grant))
      case .grantOption: if operands.grant?.isGrantable == true { words.append("WITH GRANT OPTION") }
      }
    }
    return words.dropFirst().reduce(words.first ?? "") { text, word in
      let isTight = word == ")" || word == "." || text.hasSuffix(" (") || text.hasSuffix(".")
      return isTight ? text + word : "\(text) \(word)"
    }
  }

  /// Values as they are, in another type; a row that has none is left alone.
  private func copy(
    _ table: TableName, from old: ColumnName, _ oldType: ColumnType, to new: ColumnName, _ newType: ColumnType
  ) throws(DraftRefusal) -> String {
    guard canAdd(new) else { throw .notAddable(new) }
    if isReserved(old) { throw .reserved(old) }
    guard let name = typeName(newType), widens(oldType, to: newType) else {
      throw .unconvertible(new, to: newType.text)
    }
    let target = try naming { () throws(NameRefusal) in try quote(table) }
    let (from, to) = try naming { () throws(NameRefusal) in (try quote(old), try quote(new)) }
    return "UPDATE \(target) SET \(to) = \(conversions.cast(from, oldType, name)) WHERE \(from) IS NOT NULL"
  }
}
