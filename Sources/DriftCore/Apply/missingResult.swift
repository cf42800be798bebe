/// The first result of a change that is not in place, in words; nil where all of it is there. Old rows are not counted:
/// whether they were filled cannot be told from a schema.
package func missingResult(of pending: PendingChange, probe: Probe) -> String? {
  let expected = pending.change.expectedTarget(after: pending.change.actions.count)
  for action in pending.change.actions {
    let columns = probe.target?.columns ?? []
    switch action {
    case .addColumn(let name, _), .setType(let name, _), .renameColumn(_, let name), .dropColumn(let name):
      let column = columns.first { $0.name == name }
      switch expected[name] {
      case .absent?:
        if column != nil { return "\(name) is still in the target" }
      case .present(let type)?:
        guard let column else { return "\(name) is not in the target" }
        if let type, probe.dialect.parseType(column.physicalType) != type {
          return "\(name) has type \(column.physicalType) in the target"
        }
      case nil: break
      }
    case .renameTable where pending.change.keptView == nil:
      if probe.target != nil { return "the table still has its old name" }
    case .replaceView:
      if probe.target?.isView != true { return "the view is not there" }
      if let missing = missingOfNewView(pending.change, mapping: pending.mapping, probe) { return missing }
    case .dropView:
      if probe.target != nil { return "the view is still there" }
    case .dropNotNull(let name):
      if columns.contains(where: { $0.name == name && !$0.isNullable }) {
        return "\(name) still refuses NULL"
      }
    case .setNotNull(let name):
      if columns.contains(where: { $0.name == name && $0.isNullable }) {
        return "\(name) still allows NULL"
      }
    case .copyColumn, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .grant, .backfill:
      break
    }
  }
  for step in pending.change.steps {
    switch step.work {
    case .fivetran(let patch), .verify(.setting(let patch)):
      if setting(patch, in: probe.settings) != true {
        return "Fivetran does not have \(patch.words) on \(patch.column ?? patch.table.name)"
      }
    case .verify(.landedColumn(let name)):
      if probe.landed?.columns.contains(where: { $0.name == name }) != true {
        return "\(name) has not landed"
      }
    case .ddl, .backfill, .sync, .wait, .verify: break
    }
  }
  return nil
}
