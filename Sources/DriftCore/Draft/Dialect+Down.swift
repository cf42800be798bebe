extension Dialect {
  /// The statement that takes an action back; nil where there is none, because values are gone or what was there before
  /// is not known.
  ///
  /// - Parameters:
  ///   - typeBefore: the column's type before `setType`.
  ///   - viewBefore: the statement that made the view before `replaceView` or `dropView`.
  package func down(
    for action: AlterAction, mapping: Mapping, typeBefore: ColumnType? = nil,
    viewBefore: String? = nil
  ) throws(DraftRefusal) -> String? {
    let table = mapping.target.table
    return switch action {
    case .addColumn(let name, _): try alter(table, .dropColumn(name))
    case .renameColumn(let old, let new): try alter(table, .renameColumn(from: new, to: old))
    case .dropNotNull(let name): canWrite(.setNotNull) ? try alter(table, .setNotNull(name)) : nil
    case .setNotNull(let name): try alter(table, .dropNotNull(name))
    case .setType(let name, let type):
      if let typeBefore, widens(type, to: typeBefore) {
        try alter(table, .setType(name, typeBefore))
      } else {
        nil
      }
    case .replaceView, .dropView: viewBefore
    case .addPrimaryKey: canWrite(.dropPrimaryKey) ? try alter(table, .dropPrimaryKey) : nil
    case .renameTable(let name):
      try alter(TableName(schema: table.schema, name: name), .renameTable(to: table.name))
    // What a copy filled goes with its column. What a comment or a key was before is not known.
    case .dropColumn, .copyColumn, .commentColumn, .commentTable, .dropPrimaryKey, .grant, .backfill: nil
    }
  }

  /// What an action locks, rewrites and scans, in one line of words.
  package func cost(
    of action: AlterAction, typeBefore: ColumnType? = nil, rows: Int64? = nil
  ) -> String {
    var typeChange: TypeChange?
    if case .setType(_, let type) = action, let typeBefore {
      typeChange = change(from: typeBefore, to: type)
    }
    let text = cost(action, typeChange)
    guard let rows, mentionsRows(action, typeChange) else { return text }
    return "\(text); about \(grouped(rows)) \(rows == 1 ? "row" : "rows")"
  }

  private func mentionsRows(_ action: AlterAction, _ typeChange: TypeChange?) -> Bool {
    switch action {
    case .setType: typeChange != .same && typeChange != .inPlace(rewrites: false)
    case .setNotNull, .copyColumn, .addPrimaryKey, .backfill: true
    case .addColumn, .renameColumn, .dropColumn, .dropNotNull, .commentColumn, .commentTable, .dropPrimaryKey,
      .renameTable, .replaceView, .dropView, .grant:
      false
    }
  }
}

/// `1234567` as `1,234,567`.
private func grouped(_ count: Int64) -> String {
  var text = ""
  for (index, digit) in String(count).enumerated() {
    let left = String(count).count - index
    if index > 0, left % 3 == 0, text.last != "-" { text += "," }
    text.append(digit)
  }
  return text
}
