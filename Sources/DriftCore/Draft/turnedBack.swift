/// Takes what led from `before` to `after` back out of a later text of the same file, line by line; whatever else happened to
/// it since stays. Nil where lines were put in the place of the same lines.
func turnedBack(_ now: [UInt8], from after: [UInt8], to before: [UInt8]) -> [UInt8]? {
  if now == after { return before }
  let lines = lines(of: after)
  let since = LineEdits(from: lines, to: DriftCore.lines(of: now))
  let back = LineEdits(from: lines, to: DriftCore.lines(of: before))
  var text: [UInt8] = []
  for place in 0...lines.count {
    let (theirs, ours) = (since.inserted[place] ?? [], back.inserted[place] ?? [])
    if !theirs.isEmpty, !ours.isEmpty, theirs != ours { return nil }
    for line in theirs.isEmpty ? ours : theirs { text += line }
    if place < lines.count, !since.removed.contains(place), !back.removed.contains(place) { text += lines[place] }
  }
  return text
}

/// A line with its end.
private typealias Line = ArraySlice<UInt8>

private struct LineEdits {
  /// By their places in the old text.
  var removed: Set<Int> = []
  /// In front of the old line with this place.
  var inserted: [Int: [Line]] = [:]

  init(from old: [Line], to new: [Line]) {
    var insertions: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): insertions.insert(offset)
      }
    }
    var place = 0
    for (offset, line) in new.enumerated() {
      if insertions.contains(offset) {
        inserted[place, default: []].append(line)
        continue
      }
      while removed.contains(place) { place += 1 }
      place += 1
    }
  }
}

private func lines(of bytes: [UInt8]) -> [Line] {
  var lines: [Line] = []
  var start = bytes.startIndex
  while start < bytes.endIndex {
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    lines.append(bytes[start..<end])
    start = end
  }
  return lines
}

/// The columns of a file with those that a change touched as they were before it; nil where somebody has changed the same
/// ones since.
private func turnedBack<Column: Hashable>(
  _ now: [Column], from after: [Column], to before: [Column], name: (Column) -> ColumnName
) -> [ColumnName: Column]? {
  func named(_ columns: [Column]) -> [ColumnName: Column] {
    Dictionary(columns.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
  }
  var result = named(now)
  let (old, new) = (named(before), named(after))
  for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
    guard result[name] == new[name] || result[name] == old[name] else { return nil }
    result[name] = old[name]
  }
  return result
}

extension MergedChange {
  /// The contract as it is now without what the landing of the change did to it, in its next version.
  func contractTurnedBack(in files: TableFiles) throws -> [UInt8] {
    let path = files.folder.contract
    guard let now = files.contract else {
      throw UndoRefusal("\(path) is not on the protected branch any more", hint: "put the table's files back first")
    }
    if before.contract == after.contract { return files.contractBytes }
    guard !before.contract.isEmpty else { throw landedTogether("contract.odcs.yaml") }
    // Each change raises the version, so that it alone always differs.
    func versioned(_ bytes: [UInt8]) throws -> [UInt8] {
      try edit(contract: bytes, path: path, with: [.setVersion(now.version)])
    }
    let (old, new) = (try versioned(before.contract), try versioned(after.contract))
    guard let text = turnedBack(files.contractBytes, from: new, to: old),
      let contract = parseContract(text, path: path).0,
      let oldColumns = parseContract(old, path: path).0?.columns,
      let newColumns = parseContract(new, path: path).0?.columns,
      let wanted = turnedBack(now.columns, from: newColumns, to: oldColumns, name: \.name),
      Dictionary(contract.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) == wanted,
      contract.columns.count == wanted.count
    else { throw editedSince("contract.odcs.yaml") }
    if text == files.contractBytes { return text }
    return try edit(contract: text, path: path, with: [.setVersion(bumped(now.version, by: .major))])
  }

  /// The mapping as it is now without what the landing of the change did to it.
  func mappingTurnedBack(in files: TableFiles) throws -> [UInt8] {
    let path = files.folder.mapping
    if before.mapping == after.mapping { return files.mappingBytes }
    guard !before.mapping.isEmpty else { throw landedTogether("mapping.yaml") }
    guard let now = files.mapping else {
      throw UndoRefusal("\(path) is not on the protected branch any more", hint: "put the table's files back first")
    }
    guard let text = turnedBack(files.mappingBytes, from: after.mapping, to: before.mapping),
      let mapping = parseMapping(text, path: path).0, mapping.target == now.target,
      let old = parseMapping(before.mapping, path: path).0, let new = parseMapping(after.mapping, path: path).0,
      let wanted = turnedBack(now.columns, from: new.columns, to: old.columns, name: \.target),
      Dictionary(mapping.columns.map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first }) == wanted,
      mapping.columns.count == wanted.count
    else { throw editedSince("mapping.yaml") }
    return text
  }

  private func landedTogether(_ file: String) -> UndoRefusal {
    UndoRefusal(
      "change \(numbered(change.number)) landed in one commit with \(file) itself, so what it did to the file cannot be told",
      hint: "take back by hand what it wrote there, then: mooring draft")
  }

  private func editedSince(_ file: String) -> UndoRefusal {
    UndoRefusal(
      "what change \(numbered(change.number)) wrote into \(file) was edited since",
      hint: "take it back by hand, with a change drafted by: mooring draft")
  }
}
