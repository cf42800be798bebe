/// A table that went or came, as far as it matters for telling a rename.
struct TableShape: Hashable {
  var table: TableName
  /// Types as spelled, by column; columns that Fivetran keeps for itself left out.
  var columns: [ColumnName: String]
}

/// A table that went and one that came with nearly the same columns: perhaps one.
struct SuspectedTableRename: Hashable {
  var from: TableName
  var to: TableName
  var evidence: RenameEvidence
}

/// Pairs tables that went with tables that came, one to one, ordered by the new name.
///
/// Columns decide whether a pair is shown, names which of several. Never more than a suspicion: tables of one family, such
/// as reports by campaign and by account, have the same columns and are not one. Nothing where so many tables went and came
/// that the comparison would cost more than it tells.
func suspectedTableRenames(removed: [TableShape], added: [TableShape]) -> [SuspectedTableRename] {
  if removed.count * added.count > mostPairsCompared { return [] }
  let readings = removed.indices.flatMap { from in
    added.indices.compactMap { to in reading(from, to, removed[from], added[to]) }
  }
  let ranked = readings.sorted {
    ($1.score, removed[$0.from].table, added[$0.to].table) < ($0.score, removed[$1.from].table, added[$1.to].table)
  }
  var taken: (from: Set<Int>, to: Set<Int>) = ([], [])
  var result: [SuspectedTableRename] = []
  for reading in ranked where !taken.from.contains(reading.from) && !taken.to.contains(reading.to) {
    taken.from.insert(reading.from)
    taken.to.insert(reading.to)
    let rivals = readings.filter { ($0.from == reading.from) != ($0.to == reading.to) }
    result.append(
      SuspectedTableRename(
        from: removed[reading.from].table, to: added[reading.to].table,
        evidence: evidence(for: reading, rivals: rivals)))
  }
  return result.sorted { $0.to < $1.to }
}

private struct Likeness {
  var from: Int
  var to: Int
  /// Columns of the same name and type, and of both tables on average.
  var shared: Int
  var share: Double
  /// Telling words that both names have.
  var words: Int
  var score: Double
}

/// Nil where the columns say that they are two tables.
private func reading(_ from: Int, _ to: Int, _ old: TableShape, _ new: TableShape) -> Likeness? {
  let total = old.columns.count + new.columns.count
  let shared = old.columns.count { new.columns[$0.key] == $0.value }
  if shared < fewestColumns || 5 * shared < 2 * total { return nil }
  let (before, after) = (tellingWords(old.table.name), tellingWords(new.table.name))
  let words = before.intersection(after).count
  // A few columns are the same in many tables.
  if words == 0, shared < fewestColumnsUnlike { return nil }
  let share = Double(2 * shared) / Double(total)
  let nameShare = words == 0 ? 0 : Double(2 * words) / Double(before.count + after.count)
  return Likeness(from: from, to: to, shared: shared, share: share, words: words, score: share + nameShare / 2)
}

private func tellingWords(_ name: String) -> Set<String> {
  Set(ColumnWords(name).forms).subtracting(genericWords)
}

private func evidence(for reading: Likeness, rivals: [Likeness]) -> RenameEvidence {
  var reasons = ["\(reading.shared) columns the same"]
  if reading.words > 0 { reasons.append("\(reading.words) \(reading.words == 1 ? "word" : "words") of the name kept") }
  reasons.append(rivals.isEmpty ? "no rival" : "\(rivals.count) more \(rivals.count == 1 ? "pair" : "pairs") alike")
  let all = rivals.reduce(reading.score) { $0 + $1.score }
  let confidence = reading.share * reading.score / all
  return RenameEvidence(confidence: (confidence * 100).rounded() / 100, reasons: reasons)
}

private let fewestColumns = 3
private let fewestColumnsUnlike = 5
private let mostPairsCompared = 4096
