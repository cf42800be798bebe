/// How sure a reading is.
package enum RenameTier: String, Hashable, Sendable {
  /// Asserted: the pair is taken for one column.
  case rename
  /// Shown with the other reading: a person picks.
  case candidate
}

/// A removed and an added column that may be one, by their numbers in the lists that were given.
package struct DetectedRename: Hashable, Sendable {
  package var removed: Int
  package var added: Int
  package var tier: RenameTier
  package var evidence: RenameEvidence
}

/// Pairs removed columns with added ones, one to one, the most probable first.
///
/// Names, types and the number of rivals decide; the order of the lists does not. What is probable after its rivals took
/// their share is asserted, what is less so is a candidate, and the rest is no pair.
package func detectRenames(
  removed: [RenameSubject], added: [RenameSubject], setting: RenameSetting
) -> [DetectedRename] {
  if removed.isEmpty || added.isEmpty { return [] }
  let order = (
    removed: removed.indices.sorted { removed[$0].name < removed[$1].name },
    added: added.indices.sorted { added[$0].name < added[$1].name }
  )
  let table = RenameTable(
    removed: order.removed.map { removed[$0] }, added: order.added.map { added[$0] }, setting: setting)
  var readings: [Reading] = table.pairs.compactMap { pair in
    table.features(of: pair).map { Reading(pair: pair, features: $0, score: $0.score) }
  }
  let probabilities = probabilities(
    of: readings.map { ($0.pair.removed, $0.pair.added, $0.score) })
  for index in readings.indices { readings[index].probability = probabilities[index] }
  return chosen(from: readings, table).map { detected in
    DetectedRename(
      removed: order.removed[detected.removed], added: order.added[detected.added], tier: detected.tier,
      evidence: detected.evidence)
  }
}

struct Reading {
  var pair: RenameTable.Pair
  var features: RenameFeatures
  var score: Double
  var probability = 0.0
}

/// The best readings of which no two have a column in common.
private func chosen(from readings: [Reading], _ table: RenameTable) -> [DetectedRename] {
  let ranked = readings.filter { $0.probability >= leastShown }.sorted {
    ($1.probability, $0.pair.removed, $0.pair.added) < ($0.probability, $1.pair.removed, $1.pair.added)
  }
  let ofRemoved = Dictionary(grouping: readings.indices) { readings[$0].pair.removed }
  let ofAdded = Dictionary(grouping: readings.indices) { readings[$0].pair.added }
  var isTakenRemoved = Set<Int>()
  var isTakenAdded = Set<Int>()
  var result: [DetectedRename] = []
  for reading in ranked {
    let pair = reading.pair
    if isTakenRemoved.contains(pair.removed) || isTakenAdded.contains(pair.added) { continue }
    isTakenRemoved.insert(pair.removed)
    isTakenAdded.insert(pair.added)
    let rivals = ((ofRemoved[pair.removed] ?? []) + (ofAdded[pair.added] ?? [])).map { readings[$0] }
    let rival = rivals.filter {
      ($0.pair.removed == pair.removed) != ($0.pair.added == pair.added)
    }.max { ($0.probability, $1.pair.removed, $1.pair.added) < ($1.probability, $0.pair.removed, $0.pair.added) }
    result.append(
      DetectedRename(
        removed: pair.removed, added: pair.added,
        tier: isAsserted(reading, in: table) ? .rename : .candidate,
        evidence: evidence(for: reading, rival: rival, in: table)))
  }
  return result
}

/// Values that were made anew are never asserted, however alike the names; nor is what moved in the source's own order:
/// a rename moves nothing. Words of one meaning suffice only where the place or the table's new name says the same.
private func isAsserted(_ reading: Reading, in table: RenameTable) -> Bool {
  let features = reading.features
  if features.has(.replaced) || features[.otherPlace] == 1 { return false }
  if RenameFeature.inPlace.contains(where: features.has) { return reading.probability >= leastAssertedInPlace }
  let isBySynonym = !features.has(.likeTable) && !table.synonyms(in: reading.pair).isEmpty
  return reading.probability >= leastAsserted && !isBySynonym
}

private func evidence(for reading: Reading, rival: Reading?, in table: RenameTable) -> RenameEvidence {
  var reasons = [reading.pair.types == .same ? "same type" : "wider type"]
  let kept = reading.pair.alignment.shared.count
  let words = table.removed[reading.pair.removed].forms.count
  if kept > 0 { reasons.append("\(kept) of \(words) words kept") }
  let exchanged = table.exchanges[RenameTable.Exchange(reading.pair.alignment)] ?? 1
  if reading.features.has(.consistent) { reasons.append("\(exchanged) columns changed alike") }
  if RenameFeature.inPlace.contains(where: reading.features.has) { reasons.append("same place") }
  var runnerUp: ColumnName?
  if let rival, rival.probability >= leastRival {
    runnerUp =
      rival.pair.removed == reading.pair.removed
      ? table.added[rival.pair.added].subject.name : table.removed[rival.pair.removed].subject.name
  } else {
    reasons.append("no rival")
  }
  return RenameEvidence(
    confidence: (reading.probability * 100).rounded() / 100, reasons: reasons, runnerUp: runnerUp)
}

/// Less probable readings are not worth a reviewer's time.
private let leastRival = 0.02
