/// Returns what changed between a contract and its table as observed, ordered by column name.
///
/// Unknown is never changed: a fact that the snapshot does not give is not compared.
package func diff(
  from contract: Contract, to table: ObservedTable, unlisted: ConnectionPolicy.Columns = .all,
  dialect: Dialect
) -> [SchemaChange] {
  if table.inSource == .absent {
    return contract.isDeprecated ? [] : [.tableRemoved(table.name)]
  }
  var changes = tableChanges(from: contract, to: table)
  let promised = Dictionary(
    contract.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  var removed: [ContractColumn] = []
  var added: [ObservedColumn] = []
  for column in table.columns {
    guard let promise = promised[column.name] else {
      if unlisted == .all { addNew(column, in: table, to: &added, or: &changes) }
      continue
    }
    if column.inSource == .absent {
      if !promise.isDeprecated { removed.append(promise) }
      continue
    }
    changes += columnChanges(from: promise, to: column, dialect: dialect)
  }
  let pairs = renames(
    removed: removed, added: added, setting: setting(of: table.name, changes), dialect: dialect)
  let asserted = pairs.filter { $0.tier == .rename }
  let renamedFrom = Set(asserted.map(\.from.name))
  let renamedTo = Set(asserted.map(\.to.name))
  changes += pairs.map { pair in
    pair.tier == .rename
      ? .columnRenamed(from: pair.from, to: pair.to, evidence: pair.evidence)
      : .renameSuspected(from: pair.from, to: pair.to, evidence: pair.evidence)
  }
  changes += removed.filter { !renamedFrom.contains($0.name) }.map { .columnRemoved($0) }
  changes += added.filter { !renamedTo.contains($0.name) }.map { .columnAdded($0) }
  return changes.sorted { ($0.column?.text ?? "") < ($1.column?.text ?? "") }
}

private func setting(of table: TableName, _ changes: [SchemaChange]) -> RenameSetting {
  var setting = RenameSetting(tableBefore: table.name, tableAfter: table.name)
  for case .typeChanged(_, let from, let to) in changes {
    if let type = to.type { setting.typeChanges.insert([from, type]) }
  }
  return setting
}

private func tableChanges(from contract: Contract, to table: ObservedTable) -> [SchemaChange] {
  var changes: [SchemaChange] = []
  let wasEnabled = contract.isEnabled ?? true
  if wasEnabled != table.isEnabled {
    changes.append(table.isEnabled ? .tableEnabled(table.name) : .tableDisabled(table.name))
  }
  if let from = contract.syncMode, let to = table.syncMode, from != to {
    changes.append(.syncModeChanged(table.name, from: from, to: to))
  }
  // Only where the key role of every column is known: settings alone list few of them.
  if !table.columns.isEmpty, table.columns.allSatisfy({ $0.isPrimaryKey != nil }) {
    let from = contract.columns.filter(\.isPrimaryKey).map(\.name).sorted()
    let to = table.columns.filter { $0.isPrimaryKey == true }.map(\.name).sorted()
    if from != to { changes.append(.primaryKeyChanged(from: from, to: to)) }
  }
  return changes
}

/// A column that the contract does not list: landed, kept out by settings, or a leftover that is nobody's drift.
private func addNew(
  _ column: ObservedColumn, in table: ObservedTable, to added: inout [ObservedColumn],
  or changes: inout [SchemaChange]
) {
  if column.inSource == .absent || isLeftover(column, in: table) { return }
  if column.landed == .present {
    added.append(column)
  } else if column.isEnabled == false {
    changes.append(.columnBlocked(column))
  }
}

/// Fivetran renames a column that a view still needs to `<name>_deprecated` when it changes the type.
///
/// Source: Fivetran documentation on destinations, read for reference/warehouses 1.4.
private func isLeftover(_ column: ObservedColumn, in table: ObservedTable) -> Bool {
  let suffix = "_deprecated"
  guard column.name.text.hasSuffix(suffix) else { return false }
  let base = ColumnName(String(column.name.text.dropLast(suffix.count)))
  return table.columns.contains { $0.name == base }
}

private func columnChanges(
  from promise: ContractColumn, to column: ObservedColumn, dialect: Dialect
) -> [SchemaChange] {
  // A person wrote it ahead of the data: nothing can have changed before it lands.
  if promise.sourceColumn == nil {
    return column.landed == .present ? [.columnLanded(column)] : []
  }
  var changes: [SchemaChange] = []
  if let spelled = promise.physicalType, let to = column.type {
    let from = dialect.parseType(spelled)
    if from != to { changes.append(.typeChanged(promise, from: from, to: column)) }
  } else if promise.physicalType == nil, column.landed == .present, column.type != nil {
    return [.columnLanded(column)]
  }
  if let isNullable = column.isNullable, !promise.isPrimaryKey {
    if promise.isRequired, isNullable { changes.append(.nullabilityRelaxed(promise)) }
    if !promise.isRequired, !isNullable { changes.append(.nullabilityTightened(promise)) }
  }
  if let isEnabled = column.isEnabled, isEnabled != (promise.isEnabled ?? true) {
    changes.append(isEnabled ? .columnEnabled(promise) : .columnDisabled(promise))
  }
  if let isHashed = column.isHashed, isHashed != (promise.isHashed ?? false) {
    changes.append(isHashed ? .columnHashed(promise) : .columnUnhashed(promise))
  }
  return changes
}

extension SchemaChange {
  /// The column that the change is about; for a rename the new name; nil for a change of the table.
  package var column: ColumnName? {
    switch self {
    case .tableAdded, .tableRemoved, .tableRenameSuspected, .tableDisabled, .tableEnabled, .syncModeChanged,
      .primaryKeyChanged, .targetMissing, .mappingEdited:
      nil
    case .columnAdded(let column), .columnBlocked(let column), .columnLanded(let column),
      .columnRenamed(_, let column, _), .renameSuspected(_, let column, _), .typeChanged(_, _, let column):
      column.name
    case .columnRemoved(let column), .columnDisabled(let column), .columnEnabled(let column),
      .columnHashed(let column), .columnUnhashed(let column), .nullabilityRelaxed(let column),
      .nullabilityTightened(let column):
      column.name
    case .targetColumnMissing(let column), .targetTypeNarrower(let column, _),
      .targetTypeDiffers(let column, _):
      column.target
    }
  }
}
