/// A change that was found in a case. Only renames have a tier and a confidence below 1.
package struct PredictedChange: Hashable, Sendable {
  package var change: CaseChange
  package var tier: RenameTier?
  package var confidence: Double

  package init(change: CaseChange, tier: RenameTier? = nil, confidence: Double) {
    self.change = change
    self.tier = tier
    self.confidence = confidence
  }
}

/// All changes of a case, in the order of their kinds and names.
///
/// A candidate is not asserted: its two columns are also listed as removed and added, which is the other reading.
/// - Parameter usesSourceOrder: whether the order of the columns counts. It does where the source's own catalogue is
///   read; Fivetran gives no order, and the destination's is not the source's.
package func predictedChanges(of table: SchemaCase, usesSourceOrder: Bool) -> [PredictedChange] {
  guard let before = table.before, let after = table.after else {
    return tableChanges(of: table).map { PredictedChange(change: $0, confidence: 1) }
  }
  var changes = tableChanges(of: table)
  let old = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  let new = Dictionary(after.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  var setting = RenameSetting(tableBefore: table.tableBefore, tableAfter: table.tableAfter)
  for column in before {
    guard let other = new[column.name], column.type != other.type else { continue }
    changes.append(.typeChanged(column.name))
    setting.typeChanges.insert([ColumnType(fivetran: column.type), ColumnType(fivetran: other.type)])
  }
  let removed = before.filter { new[$0.name] == nil }
  let added = after.filter { old[$0.name] == nil }
  let moved = usesSourceOrder ? movedColumns(before.map(\.name), after.map(\.name)) : []
  let candidates = (
    removed: before.filter { (new[$0.name] == nil && !isSystemColumn($0.name.text)) || moved.contains($0.name) },
    added: after.filter { (old[$0.name] == nil && !isSystemColumn($0.name.text)) || moved.contains($0.name) }
  )
  let kept = Set(old.keys).intersection(new.keys).subtracting(moved)
  let places = (
    before: usesSourceOrder ? sourcePlaces(of: before.map(\.name), kept: kept) : [:],
    after: usesSourceOrder ? sourcePlaces(of: after.map(\.name), kept: kept) : [:]
  )
  let found = detectRenames(
    removed: candidates.removed.map { subject(of: $0, places.before) },
    added: candidates.added.map { subject(of: $0, places.after) }, setting: setting)
  var renames: [PredictedChange] = []
  var renamed: (from: Set<ColumnName>, to: Set<ColumnName>) = ([], [])
  for rename in found {
    let (from, to) = (candidates.removed[rename.removed], candidates.added[rename.added])
    // Two columns that changed places were put in another order, no more.
    if moved.contains(from.name), moved.contains(to.name) { continue }
    renames.append(
      PredictedChange(
        change: .columnRenamed(from: from.name, to: to.name), tier: rename.tier,
        confidence: rename.evidence.confidence))
    if rename.tier == .candidate { continue }
    renamed.from.insert(from.name)
    renamed.to.insert(to.name)
    if from.type != to.type { changes.append(.typeChanged(to.name)) }
    // The name went to another column, and a column of that name came anew.
    if moved.contains(from.name) { changes.append(.columnAdded(from.name)) }
    if moved.contains(to.name) { changes.append(.columnRemoved(to.name)) }
  }
  changes += removed.filter { !renamed.from.contains($0.name) }.map { .columnRemoved($0.name) }
  changes += added.filter { !renamed.to.contains($0.name) }.map { .columnAdded($0.name) }
  return (changes.map { PredictedChange(change: $0, confidence: 1) } + renames)
    .sorted { $0.change.sortKey.lexicographicallyPrecedes($1.change.sortKey) }
}

private func tableChanges(of table: SchemaCase) -> [CaseChange] {
  if table.before == nil { return table.after == nil ? [] : [.tableAdded(table.tableAfter)] }
  if table.after == nil { return [.tableRemoved(table.tableBefore)] }
  if ColumnName(table.tableBefore) == ColumnName(table.tableAfter) { return [] }
  return [.tableRenamed(from: table.tableBefore, to: table.tableAfter)]
}

private func subject(of column: SchemaCase.Column, _ places: [ColumnName: SourcePlace]) -> RenameSubject {
  RenameSubject(
    name: column.name, type: ColumnType(fivetran: column.type), isNullable: column.isNullable,
    isPrimaryKey: column.isPrimaryKey, place: places[column.name])
}

extension CaseChange {
  fileprivate var sortKey: [String] {
    switch self {
    case .columnAdded(let column), .columnRemoved(let column), .typeChanged(let column): [kind, column.text]
    case .columnRenamed(let from, let to): [kind, from.text, to.text]
    case .tableAdded(let name), .tableRemoved(let name): [kind, name]
    case .tableRenamed(let from, let to): [kind, from, to]
    }
  }
}
