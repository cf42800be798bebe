/// The first result of a change that is not in place, in words; nil where all of it is there. Old rows are not counted:
/// whether they were filled cannot be told from a schema.
package func missingResult(of pending: PendingChange, probe: Probe) -> String? {
  for action in pending.change.actions {
    let columns = probe.target?.columns ?? []
    switch action {
    case .addColumn(let name, let type), .setType(let name, let type):
      guard let column = columns.first(where: { $0.name == name }) else {
        return "\(name) is not in the target"
      }
      if probe.dialect.parseType(column.physicalType) != type {
        return "\(name) has type \(column.physicalType) in the target"
      }
    case .renameColumn(_, let name):
      if !columns.contains(where: { $0.name == name }) { return "\(name) is not in the target" }
    case .dropColumn(let name):
      if columns.contains(where: { $0.name == name }) { return "\(name) is still in the target" }
    case .replaceView:
      if probe.target?.isView != true { return "the view is not there" }
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
    case .backfill:
      break
    }
  }
  for step in pending.change.steps {
    switch step.work {
    case .fivetran(let patch):
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
