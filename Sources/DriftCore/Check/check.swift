/// Says what the edits between two states of a contract repository mean and whether they will be applied once merged.
/// Nothing outside the files is asked: the target is taken to be as the mapping of `base` says, and a change to find
/// what it relies on.
///
/// - Parameters:
///   - base: where the edits began.
///   - tip: the protected branch as it is now.
///   - lint: what the linter says of `edited`.
package func check(
  from base: ContractState, to edited: ContractState, tip: ContractState, project: Project,
  lint: [Diagnostic]
) -> CheckReport {
  let changed = Set(base.changedPaths(to: edited))
  let folders = Set(changed.compactMap(edited.tableFolder))
  var report = CheckReport(
    tables: [],
    problems: lint.map { problem in
      let isOfThis =
        changed.contains(problem.path) || problem.path == edited.projectPath
        || edited.tableFolder(of: problem.path).map(folders.contains) ?? false
      return isOfThis ? problem : problem.asWarning
    }, notes: [])
  if changed.contains(edited.projectPath), base.files[edited.projectPath] != nil {
    report.notes.append("\(edited.projectPath) changed; judged by the policies that are in force, those of the base")
  }
  if edited.files[edited.projectPath] == nil {
    report.problems.append(
      Diagnostic(
        path: edited.projectPath, message: "is gone: without it no run begins", hint: "put it back"))
  }
  for table in editedTables(from: base, to: edited, in: project) {
    let (checked, problems) = check(table, in: edited, tip: tip, project: project)
    report.problems += problems + movedFolders(table, from: base, to: edited)
    if !checked.findings.isEmpty || !checked.notes.isEmpty || !checked.changes.isEmpty {
      report.tables.append(checked)
    }
  }
  report.problems += folders.filter { project.connection(of: $0, root: edited.root) == nil }.map {
    Diagnostic(
      path: $0.path, message: "no connection in mooring.yaml has this folder",
      hint: "a connection's folder bears its name")
  }
  report.problems.sort()
  return report
}

private func check(
  _ table: EditedTable, in state: ContractState, tip: ContractState, project: Project
) -> (CheckedTable, [Diagnostic]) {
  let name = table.after.contract?.table ?? table.before.contract?.table
  let checked = CheckedTable(
    connection: table.connection, table: name ?? TableName(schema: "", name: table.folder.path),
    folder: table.folder, findings: findings(of: table, project), notes: notes(about: table, project),
    changes: table.changes)
  var problems = mappingProblems(of: table, in: state)
  for found in table.unanswered(in: project) { problems.append(problem(found, table, in: state)) }
  for change in table.changes { problems += changeProblems(change, table, in: state, tip: tip) }
  return (checked, problems)
}

/// What the files show, and what only a change file tells, each once. What a change file says of a finding was written
/// by who saw more than the files.
private func findings(of table: EditedTable, _ project: Project) -> [CheckedFinding] {
  let told = table.changes.flatMap(\.change.findings)
  let missing = Set(table.targetChanges(after: table.changes, in: project).map(\.fingerprint))
  let shown =
    table.contractChanges(in: project).filter { found in
      guard case .renameSuspected(_, let column, _) = found.change else { return true }
      return !told.contains { $0.column == column.name.text }
    }
    + table.targetChanges(after: [], in: project).filter { found in
      missing.contains(found.fingerprint) || told.contains { $0.fingerprint == found.fingerprint }
    }
  let known = Set(shown.map(\.fingerprint))
  return shown.map { found in
    let told = told.first { $0.fingerprint == found.fingerprint }
    return CheckedFinding(
      rule: told?.rule ?? found.verdict.rule, column: found.change.column?.text,
      text: told?.text ?? found.verdict.message, colour: max(found.colour, told?.colour ?? .green),
      effect: CheckedFinding.Effect(
        readers: found.verdict.readers, writes: found.verdict.writes, reversible: found.verdict.reversible),
      fingerprint: found.fingerprint)
  }
    + told.filter { !known.contains($0.fingerprint) }.map {
      CheckedFinding(
        rule: $0.rule, column: $0.column, text: $0.text, colour: $0.colour, effect: nil,
        fingerprint: $0.fingerprint)
    }
}

private func problem(_ found: ClassifiedChange, _ table: EditedTable, in state: ContractState) -> Diagnostic {
  let mapping = table.folder.mapping
  func inMapping(_ column: MappingColumn, _ message: String, hint: String) -> Diagnostic {
    Diagnostic(
      path: mapping, line: state.line(of: "target: \(column.target)", in: mapping), message: message, hint: hint)
  }
  let target = table.after.mapping?.target.table.description ?? "the target"
  switch found.change {
  case .targetColumnMissing(let column):
    return inMapping(
      column, "no change adds \"\(visible(column.target.text))\" to \(target)", hint: "write it with: mooring draft")
  case .targetTypeNarrower(let column, let type):
    return inMapping(
      column, "no change makes \"\(visible(column.target.text))\" \(column.type) in \(target), where it is \(type)",
      hint: "write it with: mooring draft")
  case .targetTypeDiffers(let column, let type):
    return inMapping(
      column, "\"\(visible(column.target.text))\" is \(type) in \(target) and cannot become \(column.type) in place",
      hint: "keep type: \(type) and convert, or map to a column of another name")
  case .mappingEdited:
    return Diagnostic(
      path: mapping, message: "no change replaces the view \(target)", hint: "write it with: mooring draft")
  default:
    let path = table.folder.contract
    let name = found.change.column?.text ?? ""
    return Diagnostic(
      path: path, line: name.isEmpty ? nil : state.line(of: name, in: path),
      message: "\(name.isEmpty ? "" : "\"\(visible(name))\": ")\(found.verdict.message); nobody answers for it yet",
      hint: "write the change in which a person puts their name to it with: mooring draft")
  }
}

extension Diagnostic {
  fileprivate var asWarning: Diagnostic {
    var problem = self
    problem.severity = .warning
    return problem
  }
}
