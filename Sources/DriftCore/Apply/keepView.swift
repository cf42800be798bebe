/// The steps of a change that makes a view anew beside the old one. Between them the name may belong to no view, so once
/// it was given away nothing is stale: what is in the way is put before a person.
func keepView(
  _ action: AlterAction, as kept: TableName, _ pending: PendingChange, _ step: Step, statement: Int, _ probe: Probe
) -> NextStep {
  let change = pending.change
  let execute = NextStep.execute(step, statement: statement, parameters: [], part: 0)
  let name = change.target.map(\.description) ?? "the target"
  if case .renameTable = action {
    guard let target = probe.target else {
      return probe.kept?.isView == true ? .record(step, detail: "already so") : .stale("\(name) is not there")
    }
    if probe.kept != nil { return .stale("\(kept) is there already") }
    if let reason = movedLanded(change, probe) ?? movedView(change, target, probe.dialect) { return .stale(reason) }
    return execute
  }
  guard probe.kept?.isView == true else { return .hold("\(kept), which held the old view, is not there: \(wayOut)") }
  if case .grant(let grant) = action {
    guard let view = probe.target?.view else { return .hold("\(name) is not there: \(wayOut)") }
    return view.has(grant) ? .record(step, detail: "already so") : execute
  }
  if let reason = movedLanded(change, probe) { return .hold("\(reason), and the old view is now \(kept): \(wayOut)") }
  if let target = probe.target, let mapping = pending.mapping, !target.isMade(from: mapping, probe.dialect) {
    return .hold("somebody else has made \(name) meanwhile, and the old view is now \(kept): \(wayOut)")
  }
  return execute
}

/// How the new view differs from what was to be made; nil where it does not.
func missingOfNewView(_ change: Change, mapping: Mapping?, _ probe: Probe) -> String? {
  guard let kept = change.keptView else { return nil }
  guard probe.kept?.isView == true else { return "the old view is not kept as \(kept)" }
  if let target = probe.target, let mapping, !target.isMade(from: mapping, probe.dialect) {
    return "the view has other columns than the mapping"
  }
  return change.grants.first { probe.target?.view?.has($0) != true }
    .map { "\($0.grantee) may not \($0.privileges.map(\.rawValue).joined(separator: ", ")) the view" }
}

private let wayOut = "undo it by hand with the rest of down.sql, or put right what is in the way"

/// How the old view differs from the one that was reviewed, in its columns or in who may do what with it.
private func movedView(_ change: Change, _ target: CatalogueTable, _ dialect: Dialect) -> String? {
  if !target.isView { return "\(target.name) is no view" }
  for name in change.footprint.target.keys.sorted() {
    if let reason = movedTarget(name, change, 1, target, dialect) { return reason }
  }
  if let other = target.columns.first(where: { change.footprint.target.index(forKey: $0.name) == nil }) {
    return "\(target.name).\(other.name) was not there"
  }
  if target.view?.grants != change.grants { return "others than before may read \(target.name)" }
  return nil
}

extension CatalogueTable {
  fileprivate func isMade(from mapping: Mapping, _ dialect: Dialect) -> Bool {
    isView && dialect.viewCanBeReplaced(old: shape(dialect), new: mapping.shape(dialect))
  }
}

extension ViewFacts {
  fileprivate func has(_ grant: Grant) -> Bool {
    let theirs = grants.filter { $0.grantee == grant.grantee && ($0.isGrantable || !grant.isGrantable) }
    return Set(theirs.flatMap(\.privileges)).isSuperset(of: grant.privileges)
  }
}
