/// The way round where a warehouse does not take a new view in the place of the old one: the old view keeps its grants and
/// its readers under another name, and the new one is made under the name that it had.

extension Change {
  /// What the old view is called from then on; nil for a change that goes no such way.
  package var keptView: TableName? {
    guard let target, let index = actions.firstIndex(of: .replaceView), index > 0,
      case .renameTable(let name) = actions[index - 1]
    else { return nil }
    return TableName(schema: target.schema, name: name)
  }

  /// Who may do what with the new view.
  package var grants: [Grant] {
    actions.compactMap { if case .grant(let grant) = $0 { grant } else { nil } }
  }

  /// Why its actions cannot come in this order; nil where they can.
  var misplacedAction: String? {
    for (index, action) in actions.enumerated() {
      switch action {
      case .renameTable where index < actions.count - 1 && actions[index + 1] != .replaceView:
        return "the table is renamed before the last action"
      case .grant where keptView == nil || !actions[..<index].contains(.replaceView):
        return "rights are granted only to a view that was made anew, behind it"
      default: break
      }
    }
    return nil
  }
}

extension DraftContext {
  /// The actions with the way round in them where it must be gone.
  func keepingView(_ actions: [AlterAction], mapping: Mapping) throws(DraftRefusal) -> [AlterAction] {
    guard let index = actions.firstIndex(of: .replaceView), let target, target.isView,
      !dialect.viewCanBeReplaced(old: target.shape(dialect), new: mapping.shape(dialect))
    else { return actions }
    guard let facts = target.view else { throw .unknownGrants(target.name) }
    if facts.hasColumnGrants { throw .columnGrants(target.name) }
    let digits = String(number)
    let name = "\(target.name.name)_before_\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    return actions[..<index] + [.renameTable(to: name), .replaceView] + actions[(index + 1)...]
      + facts.grants.map { .grant($0) }
  }
}
