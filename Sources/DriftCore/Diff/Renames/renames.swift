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
  var pairs: [RenamePair] = []
  var from = removed
  var to = added
  for (reason, isSame) in certainties(dialect) {
    let evidence = RenameEvidence(confidence: 1, reasons: [reason], isCertain: true)
    for old in from {
      let matches = to.filter { isSame(old, $0) }
      guard let new = matches.first, matches.count == 1, from.filter({ isSame($0, new) }).count == 1 else { continue }
      pairs.append(RenamePair(from: old, to: new, tier: .rename, evidence: evidence))
      from.removeAll { $0.name == old.name }
      to.removeAll { $0.name == new.name }
    }
  }
  let comparable = (
    from: from.filter { $0.physicalType != nil }, to: to.filter { $0.type != nil }
  )
  let detected = detectRenames(
    removed: comparable.from.map { subject(of: $0, dialect: dialect) }, added: comparable.to.map(subject),
    setting: setting)
  pairs += detected.map {
    RenamePair(from: comparable.from[$0.removed], to: comparable.to[$0.added], tier: $0.tier, evidence: $0.evidence)
  }
  return pairs.sorted { $0.to.name < $1.to.name }
}

/// What decides alone, in this order: a declaration, the source's own key, a name that only changed its looks.
private func certainties(_ dialect: Dialect) -> [(reason: String, isSame: (ContractColumn, ObservedColumn) -> Bool)] {
  [
    ("declared", { old, new in old.synonyms.contains { ColumnName($0) == new.name } }),
    (
      "same source column",
      { old, new in
        guard let name = old.sourceColumn, let source = new.sourceName else { return false }
        return ColumnName(name) == ColumnName(source)
      }
    ),
    (
      "only case or separators differ",
      { old, new in
        guard let spelled = old.physicalType, let type = new.type else { return false }
        return ColumnWords(old.name.text).letters == ColumnWords(new.name.text).letters
          && widens(dialect.parseType(spelled), to: type)
      }
    ),
  ]
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
