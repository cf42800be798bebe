/// How a target differs from what its mapping says: an edit by a person that nobody carried out, or an applied change
/// that somebody undid. Columns that only the target has are the team's own business.
///
/// - Parameters:
///   - isRendered: whether the view or `load.sql` says what the mapping says, as far as anybody knows.
///   - target: nil where there is no such table or view.
///   - landed: columns that read what has not landed yet are left out: they are promised, not missing.
package func targetDrift(
  from mapping: Mapping, isRendered: Bool, to target: CatalogueTable?, landed: ObservedTable, dialect: Dialect
) -> [SchemaChange] {
  if mapping.target.kind == .none { return [] }
  guard let target else { return [.targetMissing(mapping.target)] }
  let there = Set(landed.columns.filter { $0.landed == .present }.map(\.name))
  let fed = mapping.columns.filter { $0.sources.allSatisfy(there.contains) }
  let found = Dictionary(
    target.columns.map { ($0.name, $0.physicalType) }, uniquingKeysWith: { first, _ in first })
  // What a person wrote into the mapping of a view is what it shall be, of whatever type it was.
  let mayDiffer = mapping.target.kind == .view && !isRendered
  var changes: [SchemaChange] = fed.compactMap { column in
    guard let spelled = found[column.target] else { return .targetColumnMissing(column) }
    let type = dialect.parseType(spelled)
    let wanted = dialect.parseType(column.type)
    if mayDiffer || type == wanted || type.isUnrecognized || wanted.isUnrecognized { return nil }
    let actions = try? dialect.retype(RetypedColumn(column, in: target), from: type, to: wanted, taken: [])
    return mapping.target.kind == .table && actions == [.setType(column.target, wanted)]
      ? .targetTypeNarrower(column, found: spelled) : .targetTypeDiffers(column, found: spelled)
  }
  // Whatever else is to be done to the target renders it as well.
  let isSettled = fed.count == mapping.columns.count && changes.isEmpty
  if !isRendered, isSettled {
    changes.append(.mappingEdited(mapping.target, digest: mapping.digest))
  }
  return changes
}

extension Mapping {
  func shape(_ dialect: Dialect) -> [(name: ColumnName, type: ColumnType)] {
    columns.map { ($0.target, dialect.parseType($0.type)) }
  }
}

extension CatalogueTable {
  func shape(_ dialect: Dialect) -> [(name: ColumnName, type: ColumnType)] {
    columns.map { ($0.name, dialect.parseType($0.physicalType)) }
  }
}
