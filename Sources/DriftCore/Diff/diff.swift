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
    changes += columnChanges(from: promise, to: column, in: table, dialect: dialect)
  }
  let pairs = renames(
    removed: removed, added: added, setting: setting(of: table.name, changes), dialect: dialect)
  let asserted = pairs.filter { $0.tier == .rename }
  let renamedFrom = Dictionary(uniqueKeysWithValues: asserted.map { ($0.from.name, $0.to.name) })
  let renamedTo = Set(renamedFrom.values)
  let reunited = unitPairs(
    removed: removed.filter { renamedFrom[$0.name] == nil }, added: added.filter { !renamedTo.contains($0.name) },
    dialect: dialect)
  let inUnits = Set(reunited.flatMap { [$0.from.name, $0.to.name] })
  changes += reunited.map { .unitSuspected(from: $0.from, to: $0.to, unit: $0.unit) }
  changes += asserted.map { .columnRenamed(from: $0.from, to: $0.to, evidence: $0.evidence) }
  changes += pairs.compactMap { pair in
    if pair.tier == .rename || inUnits.contains(pair.from.name) || inUnits.contains(pair.to.name) { return nil }
    return .renameSuspected(from: pair.from, to: pair.to, evidence: pair.evidence)
  }
  // What names a removed column stays right: the column does, deprecated.
  changes += contract.references.compactMap { reference in
    guard !reference.canFollow, let heir = renamedFrom[reference.column] else { return nil }
    return .referenceOrphaned(reference, renamedTo: heir)
  }
  changes += removed.filter { renamedFrom[$0.name] == nil }.map { .columnRemoved($0) }
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
  if let isView = table.isView, isView != contract.isView {
    changes.append(.tableKindChanged(table.name, isView: isView))
  }
  // Only where the key role of every column is known: settings alone list few of them.
  if !table.columns.isEmpty, table.columns.allSatisfy({ $0.isPrimaryKey != nil }) {
    let from = contract.primaryKey
    let members = table.columns.filter { $0.isPrimaryKey == true }.map(\.name).sorted()
    let order = table.primaryKey.flatMap { $0.sorted() == members ? $0 : nil }
    let isReordered = order.map { $0 != from } ?? false
    if from.sorted() != members || (isReordered && contract.tellsKeyOrder) {
      changes.append(.primaryKeyChanged(from: from, to: order ?? members))
    }
  }
  return changes
}

extension Contract {
  fileprivate var tellsKeyOrder: Bool { columns.allSatisfy { !$0.isPrimaryKey || $0.primaryKeyPosition != nil } }
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
  from promise: ContractColumn, to column: ObservedColumn, in table: ObservedTable, dialect: Dialect
) -> [SchemaChange] {
  // A person wrote it ahead of the data: nothing can have changed before it lands.
  if promise.sourceColumn == nil {
    return column.landed == .present ? [.columnLanded(column)] : []
  }
  if isReadded(column, after: promise, dialect: dialect) { return [.columnReadded(promise, column)] }
  var changes: [SchemaChange] = []
  if let spelled = promise.physicalType, let to = column.type {
    let from = dialect.parseType(spelled)
    if dialect.tellsApart(from, to) { changes.append(.typeChanged(promise, from: from, to: column)) }
  } else if promise.physicalType == nil, column.landed == .present, column.type != nil {
    return [.columnLanded(column)]
  }
  let staysInKey = promise.isPrimaryKey && column.isPrimaryKey != false
  if let isNullable = column.isNullable, !staysInKey {
    if promise.isRequired, isNullable { changes.append(.nullabilityRelaxed(promise)) }
    if !promise.isRequired, !isNullable { changes.append(.nullabilityTightened(promise)) }
  }
  if let isEnabled = column.isEnabled, isEnabled != (promise.isEnabled ?? true) {
    changes.append(isEnabled ? .columnEnabled(promise) : .columnDisabled(promise))
  }
  if let isHashed = column.isHashed, isHashed != (promise.isHashed ?? false) {
    changes.append(isHashed ? .columnHashed(promise) : .columnUnhashed(promise))
  }
  // A key of several columns says nothing of one of them, and a destination that declares no key at all proves nothing.
  if table.isView != nil, !table.uniqueKeys.isEmpty, !staysInKey, column.isPrimaryKey != true {
    let isUnique = table.uniqueKeys.contains([column.name])
    if isUnique != promise.isUnique { changes.append(isUnique ? .uniqueAdded(promise) : .uniqueDropped(promise)) }
  }
  return changes
}

/// Whether a deprecated column is at the source again as something else. One that never went is deprecated too, where a
/// person announced that it will: such a one keeps its type and its source.
private func isReadded(_ column: ObservedColumn, after promise: ContractColumn, dialect: Dialect) -> Bool {
  if !promise.isDeprecated || column.inSource != .present { return false }
  if let spelled = promise.physicalType, let type = column.type, dialect.tellsApart(dialect.parseType(spelled), type) {
    return true
  }
  // Where the source's name was not known, the contract has the destination's.
  guard let before = promise.sourceColumn, before != promise.name.text, let after = column.sourceName else {
    return false
  }
  return ColumnWords(before).letters != ColumnWords(after).letters
}

extension SchemaChange {
  /// The column that the change is about; for a rename the new name; nil for a change of the table.
  package var column: ColumnName? {
    switch self {
    case .connectionChanged, .tableAdded, .tableRemoved, .tableRenameSuspected, .tableDisabled, .tableEnabled,
      .syncModeChanged, .tableKindChanged, .primaryKeyChanged, .targetMissing, .mappingEdited,
      .changeWithdrawn:
      nil
    case .contractEdited(let fact): fact.column
    case .referenceOrphaned(let reference, _): reference.column
    case .columnAdded(let column), .columnBlocked(let column), .columnLanded(let column),
      .columnRenamed(_, let column, _), .renameSuspected(_, let column, _), .unitSuspected(_, let column, _),
      .columnReadded(_, let column), .typeChanged(_, _, let column):
      column.name
    case .columnRemoved(let column), .columnDisabled(let column), .columnEnabled(let column),
      .columnHashed(let column), .columnUnhashed(let column), .uniqueAdded(let column),
      .uniqueDropped(let column), .nullabilityRelaxed(let column),
      .nullabilityTightened(let column):
      column.name
    case .targetColumnMissing(let column), .targetTypeNarrower(let column, _),
      .targetTypeDiffers(let column, _):
      column.target
    }
  }
}
