/// A removal and an addition that are, or may be, one column.
package struct RenamePair: Hashable, Sendable {
  package var from: ContractColumn
  package var to: ObservedColumn
  package var tier: RenameTier
  package var evidence: RenameEvidence
}

/// Pairs removals with additions, one to one, strongest evidence first.
///
/// What is declared, keyed by the source or equal but for case and separators is certain. The rest is told by names, types
/// and rivals.
func renames(
  removed: [ContractColumn], added: [ObservedColumn], setting: RenameSetting, dialect: Dialect
) -> [RenamePair] {
  if removed.isEmpty || added.isEmpty { return [] }
  let certain = certainPairs(removed: removed, added: added, dialect: dialect)
  var pairs = certain.map { pair in
    RenamePair(
      from: removed[pair.removed], to: added[pair.added], tier: .rename,
      evidence: RenameEvidence(confidence: 1, reasons: [pair.reason], isCertain: true))
  }
  let taken = (from: Set(certain.map(\.removed)), to: Set(certain.map(\.added)))
  let comparable = (
    from: removed.indices.filter { !taken.from.contains($0) }.map { removed[$0] }.filter { $0.physicalType != nil },
    to: added.indices.filter { !taken.to.contains($0) }.map { added[$0] }.filter { $0.type != nil }
  )
  let detected = detectRenames(
    removed: comparable.from.map { subject(of: $0, dialect: dialect) }, added: comparable.to.map(subject),
    setting: setting)
  pairs += detected.map {
    RenamePair(from: comparable.from[$0.removed], to: comparable.to[$0.added], tier: $0.tier, evidence: $0.evidence)
  }
  return pairs.sorted { $0.to.name < $1.to.name }
}

private func subject(of column: ContractColumn, dialect: Dialect) -> RenameSubject {
  RenameSubject(
    name: column.name, type: column.physicalType.map(dialect.parseType) ?? .unrecognized(""),
    isNullable: !column.isRequired, isPrimaryKey: column.isPrimaryKey)
}

private func subject(of column: ObservedColumn) -> RenameSubject {
  RenameSubject(
    name: column.name, type: column.type ?? .unrecognized(""), isNullable: column.isNullable,
    isPrimaryKey: column.isPrimaryKey)
}
