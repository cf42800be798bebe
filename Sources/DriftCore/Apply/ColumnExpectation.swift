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
        .renameTable, .replaceView, .dropView, .backfill:
        break
      }
    }
    return columns
  }
}
