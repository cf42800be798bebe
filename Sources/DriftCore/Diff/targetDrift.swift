/// How a target differs from what its mapping says: an edit by a person that nobody carried out, or an applied change
/// that somebody undid. Columns that only the target has are the team's own business.
///
/// - Parameters:
///   - target: nil where there is no such table or view.
///   - landed: columns that read what has not landed yet are left out: they are promised, not missing.
package func targetDrift(
  from mapping: Mapping, to target: CatalogueTable?, landed: ObservedTable, dialect: Dialect
) -> [SchemaChange] {
  if mapping.target.kind == .none { return [] }
  guard let target else { return [.targetMissing(mapping.target)] }
  let there = Set(landed.columns.filter { $0.landed == .present }.map(\.name))
  let found = Dictionary(
    target.columns.map { ($0.name, $0.physicalType) }, uniquingKeysWith: { first, _ in first })
  return mapping.columns.compactMap { column in
    guard column.sources.allSatisfy(there.contains) else { return nil }
    guard let spelled = found[column.target] else { return .targetColumnMissing(column) }
    let type = dialect.parseType(spelled)
    let wanted = dialect.parseType(column.type)
    if type == wanted || type.isUnrecognized || wanted.isUnrecognized { return nil }
    if mapping.target.kind == .table, case .inPlace = dialect.change(from: type, to: wanted) {
      return .targetTypeNarrower(column, found: spelled)
    }
    return .targetTypeDiffers(column, found: spelled)
  }
}
