extension AlterAction {
  /// The action without its columns and types, by the words of the change file.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case addColumn = "add_column"
    case setType = "set_type"
    case copyColumn = "copy_column"
    case renameColumn = "rename_column"
    case dropColumn = "drop_column"
    case dropNotNull = "drop_not_null"
    case setNotNull = "set_not_null"
    case commentColumn = "comment_column"
    case commentTable = "comment_table"
    case addPrimaryKey = "add_primary_key"
    case dropPrimaryKey = "drop_primary_key"
    case renameTable = "rename_table"
    case replaceView = "replace_view"
    case dropView = "drop_view"
    case grant
    case backfill
  }

  package var kind: Kind {
    switch self {
    case .addColumn: .addColumn
    case .setType: .setType
    case .copyColumn: .copyColumn
    case .renameColumn: .renameColumn
    case .dropColumn: .dropColumn
    case .dropNotNull: .dropNotNull
    case .setNotNull: .setNotNull
    case .commentColumn: .commentColumn
    case .commentTable: .commentTable
    case .addPrimaryKey: .addPrimaryKey
    case .dropPrimaryKey: .dropPrimaryKey
    case .renameTable: .renameTable
    case .replaceView: .replaceView
    case .dropView: .dropView
    case .grant: .grant
    case .backfill: .backfill
    }
  }

  /// Its columns and type as the parts of an `Alteration` need them.
  var operands: Alteration.Operands {
    switch self {
    case .addColumn(let name, let type): .init(newColumn: name, type: type)
    case .setType(let name, let type): .init(column: name, type: type)
    case .renameColumn(let old, let new): .init(column: old, newColumn: new)
    case .dropColumn(let name), .dropNotNull(let name), .setNotNull(let name): .init(column: name)
    case .commentColumn(let name, let text): .init(column: name, text: text)
    case .commentTable(let text): .init(text: text)
    case .addPrimaryKey(let names): .init(columns: names)
    case .renameTable(let name): .init(newTable: name)
    case .grant(let grant): .init(grant: grant)
    case .dropPrimaryKey, .copyColumn, .replaceView, .dropView, .backfill: .init()
    }
  }

  /// The action of a kind with the operands that its form holds; nil where one is missing.
  init?(_ kind: Kind, _ operands: Alteration.Operands) {
    let (column, newColumn, type) = (operands.column, operands.newColumn, operands.type)
    switch (kind, column, newColumn, type) {
    case (.addColumn, nil, let name?, let type?): self = .addColumn(name, type)
    case (.setType, let name?, nil, let type?): self = .setType(name, type)
    case (.renameColumn, let old?, let new?, nil): self = .renameColumn(from: old, to: new)
    case (.dropColumn, let name?, nil, nil): self = .dropColumn(name)
    case (.dropNotNull, let name?, nil, nil): self = .dropNotNull(name)
    case (.setNotNull, let name?, nil, nil): self = .setNotNull(name)
    case (.dropView, nil, nil, nil): self = .dropView
    case (.dropPrimaryKey, nil, nil, nil): self = .dropPrimaryKey
    case (.addPrimaryKey, nil, nil, nil) where !operands.columns.isEmpty: self = .addPrimaryKey(operands.columns)
    default:
      if kind == .renameTable, let name = operands.newTable {
        self = .renameTable(to: name)
      } else if kind == .commentColumn, let column, let text = operands.text {
        self = .commentColumn(column, text)
      } else if kind == .commentTable, let text = operands.text {
        self = .commentTable(text)
      } else if kind == .grant, let grant = operands.grant {
        self = .grant(grant)
      } else {
        return nil
      }
    }
  }
}
