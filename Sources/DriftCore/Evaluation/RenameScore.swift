/// Right and wrong answers of one kind.
package struct Tally: Hashable, Sendable {
  package var right = 0
  package var wrong = 0
  /// How many there are to be found.
  package var labelled = 0

  package init() {}

  /// Nil where nothing was answered.
  package var precision: Double? { right + wrong == 0 ? nil : Double(right) / Double(right + wrong) }
  /// Nil where there is nothing to be found.
  package var recall: Double? { labelled == 0 ? nil : Double(right) / Double(labelled) }
}

/// How well renames were told, over all cases of a corpus but those that are tagged `ambiguous`.
package struct RenameScore: Hashable, Sendable {
  /// Asserted renames; negatives tagged `near_pair` are left out.
  package var asserted = Tally()
  /// Candidates included.
  package var shown = Tally()
  /// The same with those negatives.
  package var assertedWithNear = Tally()
  package var shownWithNear = Tally()
  /// Hard negatives that are neither `near_pair` nor `data_backfill`, and in how many of them a rename was asserted.
  package var cleanNegatives = 0
  package var assertedOnClean = 0
  /// Every change by its kind, asserted reading.
  package var kinds: [String: Tally] = [:]
  /// Cases whose whole list of changes is right.
  package var exactCases = 0
  package var cases = 0

  package init() {}
}

/// Scores predictions against labels.
///
/// Of a case tagged `api_migration` or `drop_and_add` only the listed renames are verified: a pair counts as wrong there only
/// where one of its columns is known to belong to another.
package func score(_ answers: [(known: CaseTruth, predicted: [PredictedChange])]) -> RenameScore {
  var score = RenameScore()
  for (known, predicted) in answers where !known.tags.contains("ambiguous") {
    addRenames(of: predicted, to: &score, known)
    addKinds(of: predicted, to: &score, known)
  }
  return score
}

private func addRenames(of predicted: [PredictedChange], to score: inout RenameScore, _ known: CaseTruth) {
  let labelled = known.changes.filter { $0.kind == "column_renamed" }
  let isNegative = labelled.isEmpty && known.tags.contains("hard_negative")
  let isNear = isNegative && known.tags.contains("near_pair")
  let isClean = isNegative && known.tags.isDisjoint(with: ["near_pair", "data_backfill"])
  var taken: Set<ColumnName> = []
  for case .columnRenamed(let from, let to) in labelled { taken.formUnion([from, to]) }
  score.add(labelled: labelled.count)
  if isClean { score.cleanNegatives += 1 }
  var hasAssertedOnClean = false
  for answer in predicted {
    guard let tier = answer.tier, case .columnRenamed(let from, let to) = answer.change else { continue }
    let isRight = labelled.contains(answer.change)
    let isUnverified = !known.tags.isDisjoint(with: ["api_migration", "drop_and_add"])
    if !isRight, isUnverified, taken.isDisjoint(with: [from, to]) { continue }
    score.add(isRight: isRight, tier: tier, isNear: isNear)
    if isClean, tier == .rename { hasAssertedOnClean = true }
  }
  if hasAssertedOnClean { score.assertedOnClean += 1 }
}

extension RenameScore {
  fileprivate mutating func add(labelled count: Int) {
    for path in [\RenameScore.asserted, \.shown, \.assertedWithNear, \.shownWithNear] {
      self[keyPath: path].labelled += count
    }
  }

  fileprivate mutating func add(isRight: Bool, tier: RenameTier, isNear: Bool) {
    var paths = [\RenameScore.shownWithNear]
    if !isNear { paths.append(\.shown) }
    if tier == .rename { paths.append(\.assertedWithNear) }
    if tier == .rename, !isNear { paths.append(\.asserted) }
    for path in paths {
      if isRight { self[keyPath: path].right += 1 } else { self[keyPath: path].wrong += 1 }
    }
  }
}

private func addKinds(of predicted: [PredictedChange], to score: inout RenameScore, _ known: CaseTruth) {
  let asserted = Set(predicted.filter { $0.tier != .candidate }.map(\.change))
  for change in asserted {
    if known.changes.contains(change) {
      score.kinds[change.kind, default: Tally()].right += 1
    } else {
      score.kinds[change.kind, default: Tally()].wrong += 1
    }
  }
  for change in known.changes { score.kinds[change.kind, default: Tally()].labelled += 1 }
  score.cases += 1
  if asserted == known.changes { score.exactCases += 1 }
}
