/// A table that went or came, as far as it matters for telling a rename.
struct TableShape: Hashable {
  var table: TableName
  /// Types as spelled, by column in lower case; columns that Fivetran keeps for itself left out.
  var columns: [ColumnName: String] = [:]

  init(table: TableName, columns: some Sequence<(name: ColumnName, type: String)>) {
    self.table = table
    for column in columns where !isSystemColumn(column.name.text) {
      self.columns[ColumnName(column.name.text.lowercased())] = column.type
    }
  }
}

/// A table that went and one that came with nearly the same columns: perhaps one.
struct SuspectedTableRename: Hashable {
  var from: TableName
  var to: TableName
  var evidence: RenameEvidence
}

/// Pairs tables that went with tables that came, one to one, ordered by the new name.
///
/// A table of the same name in another schema comes first, if it is the only one. Of the others columns decide whether a
/// pair is shown, names which of several. Never more than a suspicion: tables of one family, such
/// as reports by campaign and by account, have the same columns and are not one. Nothing where so many tables went and came
/// that the comparison would cost more than it tells.
func suspectedTableRenames(removed: [TableShape], added: [TableShape]) -> [SuspectedTableRename] {
  let moved = moves(removed, added)
  let (from, to) = (Set(moved.map(\.from)), Set(moved.map(\.to)))
  let renamed = renames(
    removed: removed.filter { !from.contains($0.table) }, added: added.filter { !to.contains($0.table) })
  return (moved + renamed).sorted { $0.to < $1.to }
}

/// Tables that went from one schema and came in another under the same name, where nothing else has that name and half of
/// their columns are the same.
private func moves(_ removed: [TableShape], _ added: [TableShape]) -> [SuspectedTableRename] {
  func key(_ shape: TableShape) -> ColumnName { ColumnName(shape.table.name) }
  let gone = Dictionary(grouping: removed, by: key)
  return Dictionary(grouping: added, by: key).compactMap { name, came in
    guard came.count == 1, let went = gone[name], went.count == 1 else { return nil }
    let (old, new) = (went[0], came[0])
    let shared = sharedColumns(old, new)
    let total = old.columns.count + new.columns.count
    if sameBytes(old.table.schema, new.table.schema) || shared == 0 || 4 * shared < total { return nil }
    return SuspectedTableRename(
      from: old.table, to: new.table,
      evidence: RenameEvidence(
        confidence: (Double(200 * shared) / Double(total)).rounded() / 100,
        reasons: ["same name", "\(counted(shared, "column")) the same", "no rival"]))
  }
}

private func sharedColumns(_ old: TableShape, _ new: TableShape) -> Int {
  old.columns.count { new.columns[$0.key] == $0.value }
}

private func renames(removed: [TableShape], added: [TableShape]) -> [SuspectedTableRename] {
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
  return result
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
  let shared = sharedColumns(old, new)
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
