/// What a change expects of a column of its target, after some of its actions.
enum ColumnExpectation: Hashable, Sendable {
  case absent
  /// Of this type; nil where the change does not say.
  case present(ColumnType?)
}

extension Change {
  /// The columns that its actions touch, as they are once the first `count` actions have run.
  func expectedTarget(after count: Int) -> [ColumnName: ColumnExpectation] {
    var columns = footprint.target.mapValues { type in type.map { ColumnExpectation.present($0) } ?? .absent }
    for action in actions.prefix(count) {
      switch action {
      case .addColumn(let name, let type), .setType(let name, let type): columns[name] = .present(type)
      case .renameColumn(let from, let to):
        columns[to] = columns[from] ?? .present(nil)
        columns[from] = .absent
      case .dropColumn(let name): columns[name] = .absent
      case .copyColumn, .dropNotNull, .setNotNull, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey,
        .renameTable, .replaceView, .dropView, .grant, .backfill:
        break
      }
    }
    return columns
  }
}

/// Whether a column went and one of its type has the new name.
func isRenamed(
  _ from: ColumnName, _ to: ColumnName, _ change: Change, _ statement: Int, _ target: CatalogueTable,
  _ dialect: Dialect
) -> Bool {
  guard case .present(let type?) = change.expectedTarget(after: statement)[to],
    !target.columns.contains(where: { $0.name == from }),
    let column = target.columns.first(where: { $0.name == to })
  else { return false }
  return dialect.parseType(column.physicalType) == type
}

/// How a column differs from what it is once the statements before `statement` have run.
func movedTarget(
  _ name: ColumnName, _ change: Change, _ statement: Int, _ target: CatalogueTable, _ dialect: Dialect
) -> String? {
  guard let expected = change.expectedTarget(after: statement - 1)[name] else { return nil }
  let found = target.columns.first { $0.name == name }
  switch (expected, found.map { dialect.parseType($0.physicalType) }) {
  case (.absent, nil), (.present(nil), .some): return nil
  case (.present(let type?), let found?) where type == found: return nil
  default: break
  }
  guard let found else { return "\(target.name).\(name) is gone" }
  return "\(target.name).\(name) is \(found.physicalType) now"
}

/// How the target differs from what a change that has not begun relies on, with all of its columns. What one of its own
/// actions would make of a column is no difference: it is written down when its turn comes.
func movedBeforeBegun(_ change: Change, _ probe: Probe) -> String? {
  guard change.keptView == nil, let target = probe.target, !target.isView else { return nil }
  let states = (0...change.actions.count).map { change.expectedTarget(after: $0) }
  for name in change.footprint.target.keys.sorted() {
    let found = target.columns.first { $0.name == name }
    let isExpected = states.contains { state in
      switch (state[name], found.map { probe.dialect.parseType($0.physicalType) }) {
      case (nil, _), (.absent, nil), (.present(nil), .some): true
      case (.present(let type?), let found?): type == found
      default: false
      }
    }
    if isExpected { continue }
    return found.map { "\(target.name).\(name) is \($0.physicalType) now" } ?? "\(target.name).\(name) is gone"
  }
  return nil
}
