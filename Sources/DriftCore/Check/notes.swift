/// What follows from an edit and is no finding of a rule, in words for the reviewer.
func notes(about table: EditedTable, _ project: Project) -> [String] {
  contractNotes(table, project) + mappingNotes(table) + approvalNotes(table)
}

/// What must happen besides the merge.
private func approvalNotes(_ table: EditedTable) -> [String] {
  if table.changes.allSatisfy(\.steps.isEmpty) { return [] }
  let demand = table.policy.demand
  var notes: [String] = []
  if demand.signature { notes.append("runs once the commit that lands it is signed by an allowed signer") }
  if demand.reviews > 0 {
    notes.append(
      "runs once \(demand.reviews == 1 ? "one person has" : "\(demand.reviews) people have") approved the head that is merged"
    )
  }
  return notes
}

private func contractNotes(_ table: EditedTable, _ project: Project) -> [String] {
  guard let after = table.after.contract else {
    // One that is there and cannot be read has an error of its own.
    return table.before.contract == nil || !table.after.contractBytes.isEmpty
      ? [] : ["the contract is gone: the table is no longer promised, and is proposed anew where new_tables says so"]
  }
  let before = Set((table.before.contract?.columns ?? []).map(\.name))
  let ahead = after.columns.filter { $0.sourceColumn == nil && !before.contains($0.name) }.map(\.name.text)
  var notes: [String] = []
  if !ahead.isEmpty {
    notes.append("promised ahead of the data, and nothing happens until it lands: \(ahead.joined(separator: ", "))")
  }
  let patched = table.changes.contains { change in
    change.change.steps.contains { if case .fivetran = $0.work { true } else { false } }
  }
  let observed = table.changes.flatMap(\.change.findings).map(\.fingerprint)
  for found in table.contractChanges(in: project) where !patched && !observed.contains(found.fingerprint) {
    switch found.change {
    case .tableDisabled, .tableEnabled, .syncModeChanged, .columnDisabled, .columnEnabled, .columnHashed,
      .columnUnhashed:
      notes.append(
        "\(found.change.column?.text ?? "the table"): a contract sets nothing in Fivetran; set it there, or the next run proposes to take this back"
      )
    default: break
    }
  }
  return notes
}

private func mappingNotes(_ table: EditedTable) -> [String] {
  guard let after = table.after.mapping else {
    return table.before.mapping.map {
      ["\($0.target.table) is no longer fed from here; the table or view itself stays as it is"]
    } ?? []
  }
  if after.target.kind == .none { return [] }
  guard let before = table.before.mapping, before.feedsSameTarget(as: after) else {
    return [
      "whether \(after.target.table) is there and has these columns cannot be told from files; the next run looks"
    ]
  }
  var notes: [String] = []
  let fed = Set(after.columns.map(\.target))
  let dropped = before.columns.map(\.target).filter { !fed.contains($0) }
  if !dropped.isEmpty {
    let names = dropped.map(\.text).joined(separator: ", ")
    notes.append("no longer fed, and left in \(after.target.table) as it is: \(names)")
  }
  let ahead = Set((table.after.contract?.columns ?? []).filter { $0.sourceColumn == nil }.map(\.name))
  for column in after.columns where column.sources.contains(where: ahead.contains) {
    let missing = column.sources.filter(ahead.contains).map(\.text).joined(separator: ", ")
    notes.append(
      "\(column.target) waits for \(missing), which is promised and has not landed: the run that sees it land proposes the rest"
    )
  }
  return notes
}
