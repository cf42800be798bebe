extension Change {
  /// The first action or step that takes something away and that no person has put their name to, in words; nil where there
  /// is none.
  ///
  /// Mooring drafts such a thing only for a red finding, which a person acknowledges in the merged file. One that was
  /// written in beside findings that say less was in nobody's sight who read the pull request.
  func unshownLoss(mapping: Mapping?) -> String? {
    let named = Set(acknowledgements.filter { !$0.by.isEmpty }.map(\.fingerprint))
    let answered = findings.filter { named.contains($0.fingerprint) }
    func refused(_ words: String, _ what: String) -> String {
      "refused: it would \(words), and no finding that a person acknowledged says so: put a name behind one in change.yaml, or take the \(what) out"
    }
    for action in actions where loses(action) {
      let columns = Set(action.names.flatMap { name in [name] + sources(of: name, mapping) }.map(\.text))
      if answered.contains(where: { $0.column.map(columns.contains) ?? true }) { continue }
      return refused(action.words, "statement")
    }
    // Of Fivetran's columns a finding has the landed name.
    for step in steps where answered.isEmpty {
      switch step.work {
      // Nothing more lands, or clear text does.
      case .fivetran(let patch) where patch.enabled == false || patch.hashed == false:
        return refused("set \(patch.words) on \(patch.column ?? "\(patch.table)")", "step")
      case .ddl, .backfill, .fivetran, .sync, .wait, .verify: continue
      }
    }
    return nil
  }

  /// Whether values, a name that readers use, or writes that went through are lost with it.
  private func loses(_ action: AlterAction) -> Bool {
    switch action {
    case .dropColumn, .dropView, .setNotNull, .dropPrimaryKey: true
    // Of a view that is made anew under its name, that name goes on.
    case .renameTable: !actions.contains(.replaceView)
    case .setType(let name, let type):
      // A column that the change itself added has no values yet.
      if case .some(.some(let old)) = footprint.target[name] {
        widens(type, to: old) && !widens(old, to: type)
      } else {
        false
      }
    case .renameColumn(let old, let new):
      // In a swap the name goes on to the new column.
      !actions.contains { other in
        if case .renameColumn(let from, let to) = other { to == old || from == new } else { false }
      }
    case .addColumn, .copyColumn, .dropNotNull, .commentColumn, .commentTable, .addPrimaryKey, .replaceView, .grant,
      .backfill:
      false
    }
  }

  private func sources(of target: ColumnName, _ mapping: Mapping?) -> [ColumnName] {
    mapping?.columns.first { $0.target == target }?.sources ?? []
  }
}
