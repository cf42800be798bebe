import DriftCore

/// What would bring a team-owned table from before to after: one statement after another, with lines between them that
/// say why, and why a change has none.
func script(for table: JudgedComparison, dialect: Dialect) -> String {
  var lines: [String] = []
  for change in table.changes {
    let name = change.change.column.map { "\(table.comparison.table).\($0)" } ?? "\(table.comparison.table)"
    lines.append(
      "-- \(comment(name)): \(comment(change.verdict.message)) [\(change.verdict.rule), \(change.colour.rawValue)]")
    do {
      let statements = try statements(for: change.change, on: table.comparison, dialect: dialect)
      lines += statements.map { "\($0);" }
      if statements.isEmpty { lines.append("-- no statement: \(reason(change.change, dialect))") }
      if !statements.isEmpty { lines += notes(on: change.change, dialect).map { "-- \(comment($0))" } }
    } catch {
      lines.append("-- no statement: \(comment("\(error)"))")
    }
  }
  return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
}

private func statements(for change: SchemaChange, on comparison: TableComparison, dialect: Dialect) throws
  -> [String]
{
  let table = comparison.table
  func written(_ name: ColumnName) -> ColumnName { ColumnName(dialect.folded(name.text)) }
  let target = Target(
    table: TableName(schema: dialect.folded(table.schema), name: dialect.folded(table.name)), kind: .table)
  let mapping = Mapping(
    connection: "", source: TableName(schema: "", name: ""), target: target, columns: [])
  func statement(_ action: AlterAction) throws -> [String] {
    [try dialect.statement(for: action, mapping: mapping, landed: [:], systemColumns: [])]
  }
  func free(_ name: ColumnName) throws -> ColumnName {
    if let other = comparison.lookAlikes[name], dialect.clashes(written(name), with: written(other)) {
      throw DraftRefusal.taken(name, by: other)
    }
    return written(name)
  }
  func retyped(_ promise: ContractColumn, from: ColumnType, to column: ObservedColumn, _ type: ColumnType) throws
    -> [String]
  {
    let retyped = RetypedColumn(
      written(column.name), isKey: promise.isPrimaryKey || column.isPrimaryKey == true, isRequired: promise.isRequired)
    return try dialect.retype(retyped, from: from, to: type, taken: comparison.names.map(written)).flatMap(statement)
  }
  switch change {
  case .columnAdded(let column):
    guard let type = column.type, dialect.typeName(type) != nil else { return [] }
    return try statement(.addColumn(free(column.name), type))
  case .columnRenamed(let from, let to, _):
    var statements: [String] = []
    if !dialect.isOneName(written(from.name), written(to.name)) {
      statements += try statement(.renameColumn(from: written(from.name), to: free(to.name)))
    }
    // Its type may be wider as well; where a person chooses, the name can change all the same.
    if let old = from.physicalType.map(dialect.parseType), let type = to.type {
      statements += (try? retyped(from, from: old, to: to, type)) ?? []
    }
    return statements
  case .typeChanged(let promise, let from, let to):
    guard let type = to.type else { return [] }
    return try retyped(promise, from: from, to: to, type)
  case .nullabilityRelaxed(let column):
    return try statement(.dropNotNull(written(column.name)))
  case .tableAdded(let table):
    var folded = table
    let places = Dictionary(zip(comparison.names, 0...), uniquingKeysWith: { first, _ in first })
    folded.columns.sort { places[$0.name] ?? 0 < places[$1.name] ?? 0 }
    for index in folded.columns.indices {
      folded.columns[index].name = written(folded.columns[index].name)
    }
    return [
      try dialect.createTarget(
        DriftCore.mapping(of: folded, connection: "", onto: target, dialect: dialect))
    ]
  case .connectionChanged, .columnRemoved, .tableRemoved, .tableRenameSuspected, .tableDisabled, .tableEnabled,
    .syncModeChanged, .tableKindChanged, .primaryKeyChanged, .uniqueAdded, .uniqueDropped, .unitSuspected,
    .columnReadded, .referenceOrphaned, .contractEdited, .columnBlocked, .columnLanded, .renameSuspected,
    .columnDisabled, .columnEnabled,
    .columnHashed, .columnUnhashed, .nullabilityTightened, .targetMissing, .targetColumnMissing,
    .targetTypeNarrower, .targetTypeDiffers, .mappingEdited, .changeWithdrawn:
    return []
  }
}

/// What the statements leave to a person.
private func notes(on change: SchemaChange, _ dialect: Dialect) -> [String] {
  func isWritten(_ column: ObservedColumn) -> Bool {
    dialect.canAdd(ColumnName(dialect.folded(column.name.text))) && column.type.flatMap(dialect.typeName) != nil
  }
  let written: [ObservedColumn]
  let missing: [ObservedColumn]
  switch change {
  case .columnAdded(let column): (written, missing) = ([column], [])
  case .tableAdded(let table):
    (written, missing) = (table.columns.filter(isWritten), table.columns.filter { !isWritten($0) })
  default: return []
  }
  // A key says it by being one.
  let required = written.filter { $0.isNullable == false && $0.isPrimaryKey != true }
  return (required.isEmpty ? [] : ["NOT NULL is left to you, once no row lacks a value: \(names(of: required))"])
    + (missing.isEmpty ? [] : ["left out, because of its name or its type: \(names(of: missing))"])
}

private func names(of columns: [ObservedColumn]) -> String { columns.map(\.name.text).joined(separator: ", ") }

private func reason(_ change: SchemaChange, _ dialect: Dialect) -> String {
  switch change {
  case .columnAdded(let column):
    switch column.type {
    case .decimal(precision: nil, scale: nil): "the digits of the decimal are not given: a person chooses them"
    case let type? where dialect.has(type): "its type is known by its spelling alone: write the statement by hand"
    case _?: "its type is not one that \(dialect.title) is known to have: a person chooses one"
    case nil: "its type is not known"
    }
  case .typeChanged: "\(dialect.title) stores both alike"
  case .columnRenamed: "\(dialect.title) takes both for one name"
  case .columnRemoved: "the column is kept; dropping it is a change of its own"
  case .tableRemoved: "the table is kept; dropping it is a change of its own"
  case .nullabilityTightened: "rows may hold NULL: fill them first"
  case .primaryKeyChanged: "a key is changed by hand, with a re-sync"
  case .tableRenameSuspected: "both readings are left open: here it is a new table beside the old one"
  case .columnReadded: "two things share the name: a person chooses"
  case .connectionChanged, .tableKindChanged, .uniqueAdded, .uniqueDropped, .unitSuspected, .referenceOrphaned,
    .contractEdited, .tableAdded, .tableDisabled, .tableEnabled, .syncModeChanged, .columnBlocked,
    .columnLanded, .renameSuspected, .columnDisabled, .columnEnabled, .columnHashed,
    .columnUnhashed, .nullabilityRelaxed, .targetMissing, .targetColumnMissing, .targetTypeNarrower,
    .targetTypeDiffers, .mappingEdited, .changeWithdrawn:
    "nothing to change in the table"
  }
}

/// On one line, so that a name cannot end the comment.
private func comment(_ text: String) -> String { visible(text) }
