/// A removal and an addition that are taken for one column.
package struct RenamePair: Hashable, Sendable {
  package var from: ContractColumn
  package var to: ObservedColumn
  package var evidence: RenameEvidence
}

/// Pairs removals with additions, one to one, strongest evidence first.
///
/// A declared rename (a synonym) and a source column that only changed its destination name are certain. The rest are
/// candidates by name and type, proposed only where the best pair beats its rivals by a margin: names alone pair
/// `first_name` with `last_name` as readily as a real rename.
func renames(
  removed: [ContractColumn], added: [ObservedColumn], dialect: Dialect
) -> [RenamePair] {
  if removed.isEmpty || added.isEmpty { return [] }
  var scored: [RenamePair] = []
  for from in removed {
    for to in added {
      if let evidence = evidence(from: from, to: to, dialect: dialect) {
        scored.append(RenamePair(from: from, to: to, evidence: evidence))
      }
    }
  }
  scored.sort {
    ($1.evidence.confidence, $0.from.name, $0.to.name)
      < ($0.evidence.confidence, $1.from.name, $1.to.name)
  }
  var pairs: [RenamePair] = []
  for var pair in scored {
    let isTaken = pairs.contains { $0.from.name == pair.from.name || $0.to.name == pair.to.name }
    if isTaken { continue }
    let rivals = scored.filter {
      ($0.from.name == pair.from.name) != ($0.to.name == pair.to.name)
    }
    if let rival = rivals.first {
      if !pair.evidence.isCertain,
        pair.evidence.confidence - rival.evidence.confidence < rivalMargin
      {
        continue
      }
      pair.evidence.runnerUp =
        rival.from.name == pair.from.name ? rival.to.name : rival.from.name
    } else {
      pair.evidence.reasons.append("no rival")
    }
    pairs.append(pair)
  }
  return pairs.sorted { $0.to.name < $1.to.name }
}

/// By how much the best reading must beat the next.
private let rivalMargin = 0.1
/// Below this a pair is a removal and an addition.
private let leastConfidence = 0.6

private func evidence(
  from: ContractColumn, to: ObservedColumn, dialect: Dialect
) -> RenameEvidence? {
  if let source = to.sourceName, let old = from.sourceColumn, ColumnName(source) == ColumnName(old) {
    return RenameEvidence(confidence: 1, reasons: ["same source column"], isCertain: true)
  }
  if from.isPrimaryKey != (to.isPrimaryKey ?? from.isPrimaryKey) { return nil }
  guard let spelled = from.physicalType, let toType = to.type else { return nil }
  let fromType = dialect.parseType(spelled)
  let isSameType = fromType == toType
  if !isSameType, !widens(fromType, to: toType) { return nil }
  let old = words(of: from.name)
  let new = words(of: to.name)
  if areOpposed(old, new) { return nil }
  let common = old.filter(new.contains).count
  let meaningful = old.filter { new.contains($0) && !genericWords.contains($0) }.count
  let overlap = Double(common) / Double(max(1, min(old.count, new.count)))
  let dice = 2 * Double(common) / Double(max(1, old.count + new.count))
  let spelling = similarity(from.name.text, to.name.text)
  let isContained = meaningful > 0 && common == min(old.count, new.count)
  let name = isContained ? max(0.7 * overlap + 0.3 * dice, spelling) : max(dice * 0.9, spelling)
  if meaningful == 0, spelling < 0.8 { return nil }
  let confidence = 0.85 * name + (isSameType ? 0.15 : 0.05)
  if confidence < leastConfidence { return nil }
  var reasons = [isSameType ? "same type" : "wider type"]
  if common > 0 { reasons.append("\(common) of \(old.count) words kept") }
  return RenameEvidence(confidence: rounded(confidence), reasons: reasons)
}

private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

private func words(of name: ColumnName) -> [String] {
  name.text.lowercased().split(separator: "_").map(String.init)
}

/// Words that many unrelated columns share.
private let genericWords: Set<String> = [
  "id", "name", "code", "type", "status", "date", "at", "c", "is", "has", "count", "number",
  "value", "key", "flag",
]

/// Pairs of words that make two columns different things, however alike the rest: units, negations, roles.
private let opposites: [(String, String)] = [
  ("first", "last"), ("start", "end"), ("from", "to"), ("created", "updated"),
  ("billing", "shipping"), ("min", "max"), ("source", "target"), ("active", "deleted"),
  ("enabled", "disabled"), ("open", "closed"), ("gross", "net"), ("home", "work"),
  ("debit", "credit"), ("in", "out"), ("parent", "child"), ("old", "new"), ("user", "account"),
]

/// Words that say a unit: a column that gains or changes one holds other numbers.
private let units: Set<String> = [
  "cents", "usd", "eur", "gbp", "pct", "percent", "ratio", "ms", "seconds", "minutes", "hours",
  "days", "kg", "lb", "km", "miles", "bytes", "mb",
]

private func areOpposed(_ old: [String], _ new: [String]) -> Bool {
  let gone = Set(old).subtracting(new)
  let come = Set(new).subtracting(old)
  if !units.isDisjoint(with: gone.union(come)) { return true }
  return opposites.contains { left, right in
    (gone.contains(left) && come.contains(right)) || (gone.contains(right) && come.contains(left))
  }
}

/// 1 minus the edit distance over the longer length.
private func similarity(_ left: String, _ right: String) -> Double {
  let left = Array(left.utf8)
  let right = Array(right.utf8)
  let longest = max(left.count, right.count)
  return longest == 0 ? 1 : 1 - Double(editDistance(left, right)) / Double(longest)
}
