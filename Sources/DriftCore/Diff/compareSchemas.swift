import JSON

/// The drift of one table between two neutral schemas.
package struct TableComparison: Hashable, Sendable {
  package var connector: String
  package var service: String
  package var table: TableName
  package var changes: [SchemaChange]
  /// Every column that the table has before or after, where a type changes in steps and somebody asked; of a table that was
  /// added all of them, in the document's order. Else empty.
  package var names: [ColumnName] = []
  /// By the name of a column that came, another of the table that it can be taken for.
  package var lookAlikes: [ColumnName: ColumnName] = [:]
}

/// Compares two neutral schemas, ordered by connector and table.
///
/// What is equal byte for byte is never read: of a table that differs only the columns that differ are parsed. `after` is
/// read beside `before`, which is what tells the tables that did not change.
///
/// - Parameter withNames: whether all names of a table are read in which a type changes in steps, for the SQL of the steps.
package func compare(
  _ before: NeutralSchema, _ after: NeutralSchema, dialect: Dialect, withNames: Bool = false
) throws -> [TableComparison] {
  var result: [TableComparison] = []
  for (key, old) in before.tables {
    guard let new = after.tables[key] else {
      result.append(comparison(of: old, [.tableRemoved(old.tableName)]))
      continue
    }
    if new.columns.isUnchanged { continue }
    func found(_ left: [NeutralColumn], _ right: [NeutralColumn]) -> [SchemaChange] {
      diff(
        from: contract(old, left, dialect: dialect), to: observed(new, left, right, dialect: dialect), dialect: dialect)
    }
    let (left, right) = try differing(before, old, after, new)
    let others = try [
      namesWhereSuspect(left, beside: right, of: old, in: before),
      namesWhereSuspect(right, beside: left, of: new, in: after),
    ]
    var changes = found(left, right)
    // What the key was and is, only the whole table tells.
    if changes.contains(where: { if case .primaryKeyChanged = $0 { true } else { false } }) {
      changes = try found(columns(of: old, in: before), columns(of: new, in: after))
    }
    if changes.isEmpty { continue }
    var drifted = comparison(of: new, changes)
    drifted.lookAlikes = lookAlikes(
      of: changes, among: left.map(\.name) + right.map(\.name) + others.compactMap(\.self).joined())
    if withNames, changes.contains(where: { $0.isMadeInSteps(dialect) }) {
      drifted.names = try columns(of: old, in: before).map(\.name) + columns(of: new, in: after).map(\.name)
    }
    result.append(drifted)
  }
  var gone: [ConnectionName: [NeutralSchema.Table]] = [:]
  for (key, old) in before.tables where after.tables[key] == nil { gone[key.connector, default: []].append(old) }
  var came: [ConnectionName: [(table: NeutralSchema.Table, columns: [NeutralColumn])]] = [:]
  for (key, new) in after.tables where before.tables[key] == nil {
    came[key.connector, default: []].append((new, try columns(of: new, in: after)))
  }
  for (connector, tables) in came {
    let suspected = suspectedTableRenames(
      removed: try (gone[connector] ?? []).map { shape(of: $0, try columns(of: $0, in: before)) },
      added: tables.map { shape(of: $0.table, $0.columns) })
    for (table, columns) in tables {
      let added = SchemaChange.tableAdded(observed(table, [], columns, dialect: dialect))
      let renamed = suspected.filter { $0.to == table.tableName }
        .map { SchemaChange.tableRenameSuspected(from: $0.from, to: $0.to, evidence: $0.evidence) }
      var drifted = comparison(of: table, [added] + renamed)
      drifted.names = columns.map(\.name)
      result.append(drifted)
    }
  }
  return result.sorted { ($0.connector, $0.table) < ($1.connector, $1.table) }
}

extension SchemaChange {
  /// Whether a column is made beside the old one, which wants a free name.
  fileprivate func isMadeInSteps(_ dialect: Dialect) -> Bool {
    func isMadeInSteps(_ from: ColumnType?, _ to: ColumnType?) -> Bool {
      guard let from, let to else { return false }
      return dialect.change(from: from, to: to) == .addCopySwap
    }
    return switch self {
    case .typeChanged(_, let from, let to): isMadeInSteps(from, to.type)
    case .columnRenamed(let from, let to, _): isMadeInSteps(from.physicalType.map(dialect.parseType), to.type)
    default: false
    }
  }
}

private func comparison(of table: NeutralSchema.Table, _ changes: [SchemaChange])
  -> TableComparison
{
  TableComparison(
    connector: table.connector, service: table.service, table: table.tableName, changes: changes)
}

private func columns(of table: NeutralSchema.Table, in schema: NeutralSchema) throws -> [NeutralColumn] {
  try read(schema.columns[table.columns.places], of: table, in: schema)
}

/// Columns of one table. No name may stand there twice, or two readers would take two columns for the same.
private func read(
  _ places: some Sequence<Range<Int>>, of table: NeutralSchema.Table, in schema: NeutralSchema
) throws(NeutralSchemaError) -> [NeutralColumn] {
  var names: Set<ColumnName> = []
  var columns: [NeutralColumn] = []
  for place in places {
    do throws(JSONError) {
      let column = try readColumn(schema.bytes.part(place))
      guard names.insert(column.name).inserted else {
        throw JSONError(offset: 0, problem: "a second column \"\(visible(column.name.text))\"")
      }
      columns.append(column)
    } catch {
      throw NeutralSchemaError(
        "connector \"\(visible(table.connector))\", table \"\(visible(table.name))\", byte \(place.lowerBound + error.offset): \(error.problem)",
        in: schema.path)
    }
  }
  return columns
}

/// Reads all columns of a table where a name that came may be one that stays, which is refused, or look like it; else nil.
private func namesWhereSuspect(
  _ came: [NeutralColumn], beside gone: [NeutralColumn], of table: NeutralSchema.Table, in schema: NeutralSchema
) throws -> [ColumnName]? {
  let known = Set(gone.map(\.name))
  let names = came.map(\.name).filter { !known.contains($0) }
  if names.isEmpty { return nil }
  // A name with an escape or a letter beyond ASCII in it may be spelled otherwise and be the same, or look so.
  let isSuspect =
    !schema.bytes.isPlain(table.columns.bytes)
    || names.contains { name in
      schema.bytes.count(of: Array("\"\(name)\"".utf8), in: table.columns.bytes, looselyCased: true) > 1
    }
  return isSuspect ? try columns(of: table, in: schema).map(\.name) : nil
}

private func shape(of table: NeutralSchema.Table, _ columns: [NeutralColumn]) -> TableShape {
  TableShape(table: table.tableName, columns: columns.lazy.map { ($0.name, $0.type) })
}

/// The columns that are not byte for byte the same on both sides. Columns that only moved are on both lists.
private func differing(
  _ before: NeutralSchema, _ old: NeutralSchema.Table, _ after: NeutralSchema, _ new: NeutralSchema.Table
) throws -> ([NeutralColumn], [NeutralColumn]) {
  let left = Array(before.columns[old.columns.places])
  let right = Array(after.columns[new.columns.places])
  func areEqual(_ i: Int, _ j: Int) -> Bool { before.bytes.areSame(left[i], as: after.bytes, right[j]) }
  var (i, j) = (0, 0)
  var onlyLeft: [Int] = []
  var onlyRight: [Int] = []
  while i < left.count, j < right.count {
    if areEqual(i, j) {
      i += 1
      j += 1
      continue
    }
    // A short look ahead finds the place again after an insertion or a removal; where it does not, both are read.
    let ahead = (1...lookAhead).first {
      (i + $0 < left.count && areEqual(i + $0, j)) || (j + $0 < right.count && areEqual(i, j + $0))
    }
    if let ahead, i + ahead < left.count, areEqual(i + ahead, j) {
      onlyLeft += i..<i + ahead
      i += ahead
    } else if let ahead {
      onlyRight += j..<j + ahead
      j += ahead
    } else {
      onlyLeft.append(i)
      onlyRight.append(j)
      i += 1
      j += 1
    }
  }
  onlyLeft += i..<left.count
  onlyRight += j..<right.count
  return (
    try read(onlyLeft.map { left[$0] }, of: old, in: before), try read(onlyRight.map { right[$0] }, of: new, in: after)
  )
}

private let lookAhead = 4

private func contract(
  _ table: NeutralSchema.Table, _ columns: [NeutralColumn], dialect: Dialect
) -> Contract {
  Contract(
    id: "", version: "", table: table.tableName,
    columns: columns.filter { !isSystemColumn($0.name.text) }.map { column in
      ContractColumn(
        name: column.name, physicalType: spelled(column.type, dialect),
        isRequired: !column.isNullable, isPrimaryKey: column.isPrimaryKey,
        sourceColumn: column.name.text)
    })
}

private func observed(
  _ table: NeutralSchema.Table, _ old: [NeutralColumn], _ new: [NeutralColumn], dialect: Dialect
) -> ObservedTable {
  var columns = new.filter { !isSystemColumn($0.name.text) }.map { column in
    let type = spelled(column.type, dialect)
    return ObservedColumn(
      name: column.name, type: dialect.parseType(type), physicalType: type,
      isNullable: column.isNullable, isPrimaryKey: column.isPrimaryKey, inSource: .present,
      landed: .present)
  }
  let names = Set(new.map(\.name))
  columns += old.filter { !names.contains($0.name) && !isSystemColumn($0.name.text) }.map {
    ObservedColumn(name: $0.name, isPrimaryKey: false, inSource: .absent, landed: .present)
  }
  columns.sort { $0.name < $1.name }
  return ObservedTable(
    name: table.tableName, source: SourceTable(schema: table.schema, name: table.name),
    inSource: .present, landed: .present, columns: columns)
}

/// A type of the neutral form as the dialect spells it; what is not Fivetran's stays as it is.
private func spelled(_ type: String, _ dialect: Dialect) -> String {
  let known = ColumnType(fivetran: type)
  if known.isUnrecognized { return type }
  if let name = dialect.typeName(dialect.landed(known)) { return name }
  if known == .decimal(precision: nil, scale: nil) { return decimalWithoutDigits }
  // The same word may mean another type here.
  return dialect.parseType(type).isUnrecognized ? type : "Fivetran's \(type)"
}
