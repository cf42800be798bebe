/// One form of one ALTER statement: written from left to right, and read back by the same parts.
struct Alteration: Sendable {
  enum Part: Sendable {
    /// Unquoted keywords, upper case, one space between them; or one symbol.
    case words(String)
    case table
    /// A column that is there.
    case column
    /// A name that Mooring gives.
    case newColumn
    case type
  }

  let kind: AlterAction.Kind
  let parts: [Part]
}

/// The forms that the dialects share; each lists those that it has, the one that it writes first.
extension Alteration {
  static let addColumn = Alteration(
    kind: .addColumn,
    parts: [.words("ALTER TABLE"), .table, .words("ADD COLUMN"), .newColumn, .type])
  static let addColumns = Alteration(
    kind: .addColumn,
    parts: [.words("ALTER TABLE"), .table, .words("ADD COLUMNS ("), .newColumn, .type, .words(")")])
  static let setDataType = Alteration(
    kind: .setType,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("SET DATA TYPE"), .type])
  static let setType = Alteration(
    kind: .setType,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("TYPE"), .type])
  static let renameColumn = Alteration(
    kind: .renameColumn,
    parts: [.words("ALTER TABLE"), .table, .words("RENAME COLUMN"), .column, .words("TO"), .newColumn])
  static let dropColumn = Alteration(
    kind: .dropColumn,
    parts: [.words("ALTER TABLE"), .table, .words("DROP COLUMN"), .column])
  static let dropNotNull = Alteration(
    kind: .dropNotNull,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("DROP NOT NULL")])
  static let setNotNull = Alteration(
    kind: .setNotNull,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("SET NOT NULL")])
  static let dropView = Alteration(
    kind: .dropView,
    parts: [.words("DROP VIEW"), .table])
}

extension AlterAction {
  /// The action without its columns and types, by the words of the change file.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case addColumn = "add_column"
    case setType = "set_type"
    case renameColumn = "rename_column"
    case dropColumn = "drop_column"
    case dropNotNull = "drop_not_null"
    case setNotNull = "set_not_null"
    case replaceView = "replace_view"
    case dropView = "drop_view"
    case backfill
  }

  package var kind: Kind {
    switch self {
    case .addColumn: .addColumn
    case .setType: .setType
    case .renameColumn: .renameColumn
    case .dropColumn: .dropColumn
    case .dropNotNull: .dropNotNull
    case .setNotNull: .setNotNull
    case .replaceView: .replaceView
    case .dropView: .dropView
    case .backfill: .backfill
    }
  }

  /// Its columns and type as the parts of an `Alteration` need them.
  fileprivate var operands: (column: ColumnName?, newColumn: ColumnName?, type: ColumnType?) {
    switch self {
    case .addColumn(let name, let type): (nil, name, type)
    case .setType(let name, let type): (name, nil, type)
    case .renameColumn(let old, let new): (old, new, nil)
    case .dropColumn(let name), .dropNotNull(let name), .setNotNull(let name): (name, nil, nil)
    case .replaceView, .dropView, .backfill: (nil, nil, nil)
    }
  }

  /// The action of a kind with the operands that its form holds; nil where one is missing.
  init?(_ kind: Kind, column: ColumnName?, newColumn: ColumnName?, type: ColumnType?) {
    switch (kind, column, newColumn, type) {
    case (.addColumn, nil, let name?, let type?): self = .addColumn(name, type)
    case (.setType, let name?, nil, let type?): self = .setType(name, type)
    case (.renameColumn, let old?, let new?, nil): self = .renameColumn(from: old, to: new)
    case (.dropColumn, let name?, nil, nil): self = .dropColumn(name)
    case (.dropNotNull, let name?, nil, nil): self = .dropNotNull(name)
    case (.setNotNull, let name?, nil, nil): self = .setNotNull(name)
    case (.dropView, nil, nil, nil): self = .dropView
    default: return nil
    }
  }
}

extension Dialect {
  /// Whether `alter` has a form for this kind of action.
  package func canWrite(_ kind: AlterAction.Kind) -> Bool {
    alterations.contains { $0.kind == kind }
  }

  /// One ALTER (or DROP VIEW) statement on a table that the team owns; no comment, no semicolon.
  ///
  /// `replaceView` and `backfill` need a mapping and are refused here.
  package func alter(_ table: TableName, _ action: AlterAction) throws(DraftRefusal) -> String {
    guard let form = alterations.first(where: { $0.kind == action.kind }) else {
      throw .unsupported(action: action.kind.rawValue, dialect: title)
    }
    let operands = action.operands
    if let name = operands.newColumn, !canAdd(name) { throw .notAddable(name) }
    if let name = operands.column, isReserved(name) { throw .reserved(name) }
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
      }
    }
    return words.dropFirst().reduce(words.first ?? "") { text, word in
      word == ")" || text.hasSuffix("COLUMNS (") ? text + word : "\(text) \(word)"
    }
  }
}
