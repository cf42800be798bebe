/// Where a column stands in the source's own order, told by the nearest columns that kept their names.
package struct SourcePlace: Hashable, Sendable {
  /// The last column before it that stayed; nil where there is none.
  package var after: ColumnName?
  /// The first column behind it that stayed; nil where there is none.
  package var before: ColumnName?
  /// How many removed (or added) columns stand between `after` and it.
  package var offset: Int

  package init(after: ColumnName?, before: ColumnName?, offset: Int) {
    self.after = after
    self.before = before
    self.offset = offset
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
      places[name] = SourcePlace(after: last, before: nil, offset: offset)
      offset += 1
    }
  }
  var next: ColumnName?
  for name in columns.reversed() {
    if kept.contains(name) { next = name } else { places[name]?.before = next }
  }
  return places
}

extension RenameTable {
  func addPlace(of from: Column, _ to: Column, to features: inout RenameFeatures) {
    guard let old = from.subject.place, let new = to.subject.place else { return }
    if old.after != new.after || old.before != new.before {
      features[.otherPlace] = 1
    } else if old.offset != new.offset {
      features[.sameGap] = 1
    } else {
      features[new.before == nil ? .samePlaceAtEnd : .samePlace] = 1
    }
  }
}
