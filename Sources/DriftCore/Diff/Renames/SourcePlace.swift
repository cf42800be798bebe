/// Where a column stands in the source's own order, told by the nearest columns that kept their names.
package struct SourcePlace: Hashable, Sendable {
  /// The last column before it that stayed; nil where there is none.
  package var after: ColumnName?
  /// The first column behind it that stayed; nil where there is none.
  package var before: ColumnName?
  /// How many removed (or added) columns stand between `after` and it.
  package var offset: Int
  /// How many of them stand between `after` and `before`.
  package var crowd: Int

  package init(after: ColumnName?, before: ColumnName?, offset: Int, crowd: Int) {
    self.after = after
    self.before = before
    self.offset = offset
    self.crowd = crowd
  }
}

/// The places of the columns that are not in `kept`. Empty where the order is only that of the names: it says nothing.
package func sourcePlaces(of columns: [ColumnName], kept: Set<ColumnName>) -> [ColumnName: SourcePlace] {
  if columns.count > 2, zip(columns, columns.dropFirst()).allSatisfy({ $0 < $1 }) { return [:] }
  var places: [ColumnName: SourcePlace] = [:]
  var last: ColumnName?
  var offset = 0
  for name in columns {
    if kept.contains(name) {
      last = name
      offset = 0
    } else {
      places[name] = SourcePlace(after: last, before: nil, offset: offset, crowd: 0)
      offset += 1
    }
  }
  var next: ColumnName?
  var crowd = 0
  for name in columns.reversed() {
    if kept.contains(name) {
      next = name
      crowd = 0
    } else {
      crowd = max(crowd, (places[name]?.offset ?? 0) + 1)
      places[name]?.before = next
      places[name]?.crowd = crowd
    }
  }
  return places
}

/// Between the same two columns, one for one: where nothing is put but by renaming.
///
/// Behind the last column that stayed everything new is put, so there the place says little.
func areAtSamePlace(_ from: RenameSubject, _ to: RenameSubject) -> Bool {
  guard let old = from.place, let new = to.place else { return false }
  return old == new && new.before != nil
}

/// The columns that kept their names but left their place among the others: perhaps the name went to another column.
///
/// They are those outside of the longest run that is in the same order on both sides. Empty where more than a few moved:
/// then the order is of no use.
package func movedColumns(_ before: [ColumnName], _ after: [ColumnName]) -> Set<ColumnName> {
  let places = Dictionary(after.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  let kept = before.filter { places[$0] != nil }
  var ends: [Int] = []
  var previous = [Int?](repeating: nil, count: kept.count)
  for (index, name) in kept.enumerated() {
    let place = places[name] ?? 0
    let length = ends.firstIndex { (places[kept[$0]] ?? 0) >= place } ?? ends.count
    previous[index] = length > 0 ? ends[length - 1] : nil
    if length == ends.count { ends.append(index) } else { ends[length] = index }
  }
  var moved = Set(kept)
  var last = ends.last
  while let index = last {
    moved.remove(kept[index])
    last = previous[index]
  }
  return moved.count <= mostMoved ? moved : []
}

private let mostMoved = 2

extension RenameTable {
  func addPlace(of from: Column, _ to: Column, to features: inout RenameFeatures) {
    guard let old = from.subject.place, let new = to.subject.place else { return }
    if old.after != new.after || old.before != new.before {
      features[.otherPlace] = 1
    } else if areAtSamePlace(from.subject, to.subject) {
      features[.samePlace] = 1
    } else if new.before != nil {
      features[.sameGap] = 1
    } else if old.offset == new.offset {
      features[linesUp ? .samePlace : .samePlaceAtEnd] = 1
    } else {
      // A removal before it can have moved it.
      features[.otherPlace] = 0.3
    }
  }

  /// Whether what was added stands place for place where the removed columns stood, and says so by itself: each pair stands
  /// between columns that stayed, or its names have a telling word in common. Then the end of the table is a place as well:
  /// nobody drops columns there and adds as many others, each named after the one whose place it takes.
  func findLinesUp() -> Bool {
    guard removed.count == added.count, removed.count > 1 else { return false }
    var lines: [Int: Pair] = [:]
    for pair in pairs {
      guard let old = removed[pair.removed].subject.place, old == added[pair.added].subject.place else { continue }
      if old.before != nil || pair.types != .other && sharesTellingWord(pair) { lines[pair.removed] = pair }
    }
    return lines.count == removed.count
  }

  private func sharesTellingWord(_ pair: Pair) -> Bool {
    pair.alignment.shared.contains { isTelling(removed[pair.removed].forms[$0.left]) }
  }
}
