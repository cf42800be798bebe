/// A table's rows as one dialect renders them into a target: every part is SQL that is already quoted.
struct Load {
  struct Column {
    var name: String
    var type: ColumnType
    /// The type's spelling.
    var typeName: String
    /// Read from the landed table as `l`.
    var value: String
    var isKey: Bool
  }

  var target: String
  var source: String
  var columns: [Column]
  /// Conditions on `l`, all of which a row must meet; empty for every row.
  var conditions: [String]

  var keys: [Column] { columns.filter(\.isKey) }
}

/// What an update of old rows needs, in batches along the key.
struct Backfill {
  var load: Load
  /// The columns to fill; none of them is a key.
  var columns: [Load.Column]
}

extension Dialect {
  /// The statement for one action on the mapping's target: qualified, quoted, no comment, no semicolon.
  ///
  /// - Parameters:
  ///   - landed: types of the landed columns.
  ///   - systemColumns: which of the loader's own columns the landed table has; rules about deleted and historical rows
  ///     apply only where their column is there.
  ///
  /// A backfill in batches binds the last key of the batch before (`$1`..., NULL for the first), then the size of a
  /// batch. It returns one row, the last key of this batch and the count of rows changed, or none when nothing is left.
  /// Where `fillsInBatches` is false it binds nothing and fills every row at once. Either may be run again at any time:
  /// a row that already has its values is left alone.
  package func statement(
    for action: AlterAction, mapping: Mapping, landed: [ColumnName: ColumnType],
    systemColumns: [ColumnName] = []
  ) throws(DraftRefusal) -> String {
    try checkTarget(of: mapping, for: action)
    switch action {
    case .addColumn, .setType, .copyColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull,
      .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .dropView, .grant:
      return try alter(mapping.target.table, action)
    case .replaceView:
      return try view(viewReplacement, mapping, landed: landed, systemColumns: systemColumns)
    case .backfill(let names):
      // The other columns are none of its business, whatever has become of them.
      var part = mapping
      part.columns = mapping.columns.filter { $0.isKey || names.contains($0.target) }
      let load = try load(part, landed: landed, systemColumns: systemColumns, use: .assignment)
      return try backfillStatement(names, mapping: part, load: load)
    }
  }

  /// The statement that makes the view of a mapping where there is none.
  package func createView(
    _ mapping: Mapping, landed: [ColumnName: ColumnType], systemColumns: [ColumnName]
  ) throws(DraftRefusal) -> String {
    try checkTarget(of: mapping, for: .replaceView)
    return try view("CREATE OR REPLACE VIEW", mapping, landed: landed, systemColumns: systemColumns)
  }

  private func view(
    _ words: String, _ mapping: Mapping, landed: [ColumnName: ColumnType], systemColumns: [ColumnName]
  ) throws(DraftRefusal) -> String {
    let load = try load(mapping, landed: landed, systemColumns: systemColumns, use: .view)
    return "\(words) \(load.target)\(viewClause) AS\n"
      + select(load) { "\($0.value) AS \($0.name)" } + viewEnding
  }

  /// Whether the warehouse takes any new view in place of an old one.
  package var takesEveryView: Bool { viewRule == .anything }

  /// Whether the warehouse takes the new view in place of the old one, column for column. Where not, the old one makes
  /// room for it under another name.
  package func viewCanBeReplaced(
    old: [(name: ColumnName, type: ColumnType)], new: [(name: ColumnName, type: ColumnType)]
  ) -> Bool {
    switch viewRule {
    case .anything: true
    case .sameColumns:
      new.count == old.count && zip(old, new).allSatisfy { $0.name == $1.name && $0.type == $1.type }
    case .appendsOnly:
      new.count >= old.count && zip(old, new).allSatisfy { $0.name == $1.name && $0.type == $1.type }
    }
  }

  func load(
    _ mapping: Mapping, landed: [ColumnName: ColumnType], systemColumns: [ColumnName],
    use: ValueUse
  ) throws(DraftRefusal) -> Load {
    var columns: [Load.Column] = []
    for column in mapping.columns {
      let (type, typeName) = try targetType(of: column)
      columns.append(
        Load.Column(
          name: try naming { () throws(NameRefusal) in try quote(column.target) },
          type: type, typeName: typeName,
          value: try expression(for: column, landed: landed, use: use), isKey: column.isKey))
    }
    return Load(
      target: try naming { () throws(NameRefusal) in try quote(mapping.target.table) },
      source: try naming { () throws(NameRefusal) in try quote(mapping.source) },
      columns: columns, conditions: try conditions(mapping.rows, systemColumns))
  }

  private func conditions(
    _ rows: RowRules, _ systemColumns: [ColumnName]
  ) throws(DraftRefusal) -> [String] {
    var result: [String] = []
    func add(_ name: String, missing: String, wanted: String) throws(DraftRefusal) {
      guard let column = systemColumns.first(where: { $0.text.lowercased() == name }) else { return }
      let quoted = try naming { () throws(NameRefusal) in try quote(column) }
      result.append("COALESCE(l.\(quoted), \(missing)) = \(wanted)")
    }
    if rows.deleted == .exclude {
      try add("_fivetran_deleted", missing: "FALSE", wanted: "FALSE")
    }
    if rows.history == .current {
      try add("_fivetran_active", missing: "TRUE", wanted: "TRUE")
    }
    return result
  }

  private func backfillStatement(
    _ names: [ColumnName], mapping: Mapping, load: Load
  ) throws(DraftRefusal) -> String {
    guard !load.keys.isEmpty else { throw .noKey(mapping.target.table) }
    for (column, name) in zip(load.columns, mapping.columns) where column.isKey {
      if column.type == .json || column.type == .xml { throw .unorderedKey(name.target) }
    }
    var columns: [Load.Column] = []
    for name in names {
      guard let index = mapping.columns.firstIndex(where: { $0.target == name }),
        !load.columns[index].isKey
      else { throw .notFillable(name) }
      columns.append(load.columns[index])
    }
    guard !columns.isEmpty else { throw .notFillable("") }
    return backfill(Backfill(load: load, columns: columns))
  }

  private func checkTarget(of mapping: Mapping, for action: AlterAction) throws(DraftRefusal) {
    if mapping.target.table == mapping.source { throw .landedTable(mapping.source) }
    let kinds: [Target.Kind] =
      switch action {
      case .replaceView, .dropView, .grant: [.view]
      case .renameTable: [.table, .view]
      case .addColumn, .setType, .copyColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull,
        .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .backfill:
        [.table]
      }
    if !kinds.contains(mapping.target.kind) {
      throw .wrongTarget(mapping.target.table, action: action.kind.rawValue)
    }
  }
}

/// What a warehouse lets a view's replacement change.
enum ViewRule: Sendable {
  /// Old columns keep name, type and place; new ones come last.
  case appendsOnly
  /// Nothing but what the columns are made of.
  case sameColumns
  case anything
}

/// `SELECT`, `FROM` and `WHERE` of a mapping, a column a line.
func select(_ load: Load, _ column: (Load.Column) -> String) -> String {
  var text = "SELECT\n  " + load.columns.map(column).joined(separator: ",\n  ")
  text += "\nFROM \(load.source) AS l"
  if !load.conditions.isEmpty {
    text += "\nWHERE " + load.conditions.joined(separator: "\n  AND ")
  }
  return text
}
