/// A removed and an added column, by their numbers in the lists that were given, and what makes them one.
struct CertainPair {
  var removed: Int
  var added: Int
  var reason: String
}

/// What decides alone, in this order: a declaration, the source's own key, a name that only changed its looks.
///
/// A reason counts for a pair where it leads from neither column to another one. Each column is looked up by what it would
/// have in common with its other half, so the cost grows with the number of columns, not of pairs.
func certainPairs(removed: [ContractColumn], added: [ObservedColumn], dialect: Dialect) -> [CertainPair] {
  var pairs: [CertainPair] = []
  var from = Array(removed.indices)
  var to = Array(added.indices)
  func take(_ reason: String, _ partners: [(removed: Int, added: Int)]) {
    let (byRemoved, byAdded) = (counts(partners.map(\.removed)), counts(partners.map(\.added)))
    let alone = partners.filter { byRemoved[$0.removed] == 1 && byAdded[$0.added] == 1 }
    if alone.isEmpty { return }
    pairs += alone.map { CertainPair(removed: $0.removed, added: $0.added, reason: reason) }
    let taken = (from: Set(alone.map(\.removed)), to: Set(alone.map(\.added)))
    from.removeAll(where: taken.from.contains)
    to.removeAll(where: taken.to.contains)
  }
  let byName = Dictionary(grouping: to) { added[$0].name }
  take(
    "declared",
    from.flatMap { old in
      Set(removed[old].synonyms.map { ColumnName($0) }).flatMap { byName[$0] ?? [] }
        .map { (removed: old, added: $0) }
    })
  let bySource = Dictionary(grouping: to.filter { added[$0].sourceName != nil }) {
    ColumnName(added[$0].sourceName ?? "")
  }
  take(
    "same source column",
    from.flatMap { old in
      removed[old].sourceColumn.flatMap { bySource[ColumnName($0)] }?.map { (removed: old, added: $0) } ?? []
    })
  take("only case or separators differ", respelled(from, to, removed, added, dialect))
  return pairs
}

/// Pairs of one name in other letters or with other separators, in which the new type holds the old values.
private func respelled(
  _ from: [Int], _ to: [Int], _ removed: [ContractColumn], _ added: [ObservedColumn], _ dialect: Dialect
) -> [(removed: Int, added: Int)] {
  let before = Dictionary(grouping: from.filter { removed[$0].physicalType != nil }) {
    ColumnWords(removed[$0].name.text).letters
  }
  let after = Dictionary(grouping: to.filter { added[$0].type != nil }) { ColumnWords(added[$0].name.text).letters }
  var partners: [(removed: Int, added: Int)] = []
  for (letters, old) in before {
    guard let new = after[letters], old.count <= mostSpellings, new.count <= mostSpellings else { continue }
    for left in old {
      let type = dialect.parseType(removed[left].physicalType ?? "")
      for right in new {
        if let other = added[right].type, widens(type, to: other) { partners.append((removed: left, added: right)) }
      }
    }
  }
  return partners
}

private func counts(_ numbers: [Int]) -> [Int: Int] { numbers.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

/// Names that are spelled in more ways than this in one table are told apart by nothing.
private let mostSpellings = 64
