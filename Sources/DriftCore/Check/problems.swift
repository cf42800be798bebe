/// What keeps the steps of one change folder from being carried out, and what a reviewer should know of it.
func changeProblems(
  _ change: CheckedChange, _ table: EditedTable, in state: ContractState, tip: ContractState
) -> [Diagnostic] {
  let path = "\(change.path)/change.yaml"
  var problems: [Diagnostic] = []
  if let refusal = change.refusal {
    problems.append(
      Diagnostic(
        path: path, message: "apply would not carry this out: \(visible(refusal))",
        hint: "up.sql, change.yaml and mapping.yaml must say the same"))
  }
  problems += change.waitsFor.map { wanted in
    Diagnostic(
      path: path, line: state.line(of: wanted.fingerprint, ", by:", in: path), severity: .warning,
      message: "not acknowledged: \(visible(wanted.text))",
      hint: "whoever answers for it writes their name behind by: under acknowledge:"
        + (table.policy.approval == .forge ? ", or the pull request gets the label \(acknowledgingLabel)" : ""))
  }
  let taken = tip.changeFolders.first {
    $0.tableFolder == table.folder && $0.number == change.change.number && $0.path != change.path
  }
  if let other = taken {
    problems.append(
      Diagnostic(
        path: path, message: "the number is taken by \(other.path) on the protected branch",
        hint: "merge that branch into yours and give this folder the next number"))
  }
  if table.policy.mode == .observe, !change.steps.isEmpty {
    problems.append(
      Diagnostic(
        path: path, message: "connection \"\(table.connection)\" is in mode observe: its changes are not applied",
        hint: "set mode: propose in mooring.yaml"))
  }
  if let mapping = table.after.mapping {
    if change.change.actions.contains(.replaceView), change.change.keptView == nil, let before = table.before.mapping,
      mapping.feedsSameTarget(as: before),
      !table.dialect.viewCanBeReplaced(old: before.shape(table.dialect), new: mapping.shape(table.dialect))
    {
      problems.append(
        Diagnostic(
          path: table.folder.mapping,
          message:
            "\(table.dialect.id) puts no view in the place of \(mapping.target.table) whose columns are gone, moved or of another type",
          hint: "draft the change anew, which keeps the old view under another name: mooring draft"))
    }
    for case .addColumn(let name, _) in change.change.actions
    where !mapping.columns.contains(where: { $0.target == name }) {
      problems.append(
        Diagnostic(
          path: path, severity: .warning, message: "adds \"\(visible(name.text))\", which mapping.yaml does not feed",
          hint: "map it, or take it out of up.sql and change.yaml"))
    }
  }
  return problems
}

/// What was merged before and is touched now: the ledger may know it by its content.
func movedFolders(
  _ table: EditedTable, from base: ContractState, to edited: ContractState
) -> [Diagnostic] {
  let after = Dictionary(
    edited.changeFolders.map { ($0.path, $0.digest) }, uniquingKeysWith: { first, _ in first })
  let kept = Set(after.values)
  return base.changeFolders.filter { $0.tableFolder == table.folder && !kept.contains($0.digest) }.compactMap {
    folder in
    guard after[folder.path] != nil else {
      return Diagnostic(
        path: folder.path, severity: .warning,
        message: "a merged change is taken away: where it was not applied yet, it never will be",
        hint: "where it was, the next run proposes its down.sql, if contract and mapping are turned back as well")
    }
    if isOnlyAcknowledged(folder, from: base, to: edited) { return nil }
    return Diagnostic(
      path: "\(folder.path)/change.yaml", severity: .warning,
      message: "a merged change is edited: where apply has begun it, it is held from now on",
      hint: "leave it as it was merged, and write a change with the next number")
  }
}

/// Whether names that apply waited for are all that differs: it has begun nothing of such a change.
private func isOnlyAcknowledged(
  _ folder: ChangeFolder, from base: ContractState, to edited: ContractState
) -> Bool {
  let path = "\(folder.path)/change.yaml"
  let others = folder.files.keys.filter { $0 != "change.yaml" }
  guard others.allSatisfy({ base.files["\(folder.path)/\($0)"] == edited.files["\(folder.path)/\($0)"] }),
    var before = base.files[path].flatMap({ parseChange($0, path: path).0 }),
    let after = edited.files[path].flatMap({ parseChange($0, path: path).0 })
  else { return false }
  if before.waitingAcknowledgements.isEmpty { return false }
  before.acknowledgements = after.acknowledgements
  return before == after
}

/// What the edited mapping says that nothing will carry out, and whether `load.sql` says the same as it.
func mappingProblems(of table: EditedTable, in state: ContractState) -> [Diagnostic] {
  guard let mapping = table.after.mapping, mapping.target.kind != .none, let landed = table.landed,
    mapping.columns.flatMap(\.sources).allSatisfy({ landedTypes(of: landed)[$0] != nil })
  else { return [] }
  let path = table.folder.mapping
  do {
    let renderings = try renderings(of: mapping, landed: landedTypes(of: landed), dialect: table.dialect)
    guard mapping.target.kind == .table, let load = state.files[table.folder.load],
      !renderings.contains(where: { withoutHeading(Array($0.utf8)) == withoutHeading(load) })
    else { return [] }
    return [
      Diagnostic(
        path: table.folder.load, severity: .warning, message: "is not what mapping.yaml renders",
        hint: "render it again with: mooring draft")
    ]
  } catch {
    return [Diagnostic(path: path, message: "\(error)", hint: "the list: mooring explain conversions")]
  }
}

/// `load.sql`, or the statement that makes the view, for each set of system columns that there may be.
func renderings(
  of mapping: Mapping, landed: [ColumnName: ColumnType], dialect: Dialect
) throws(DraftRefusal) -> [String] {
  var texts: [String] = []
  for columns in systemColumnCandidates {
    texts.append(
      mapping.target.kind == .table
        ? try dialect.loadSQL(mapping, landed: landed, systemColumns: columns)
        : try dialect.statement(for: .replaceView, mapping: mapping, landed: landed, systemColumns: columns))
  }
  return texts
}
