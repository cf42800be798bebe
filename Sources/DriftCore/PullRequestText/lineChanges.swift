/// The lines that differ as `-` and `+`, with two unchanged lines around them and `@@` where some are left out.
///
/// Lines are compared by their bytes. Nil where so much differs that nobody would read it.
package func lineChanges(from before: [UInt8], to after: [UInt8]) -> String? {
  let old = lines(before)
  let new = lines(after)
  if differing(old, new) > 1_000 { return nil }
  var marked = marks(new.difference(from: old), old: old, new: new)[...]
  var text = ""
  while let first = marked.firstIndex(where: { $0.mark != " " }) {
    // What is in between two differences is left out where it is longer than what is shown around them.
    if first - marked.startIndex > around { text += "@@\n" }
    var end = first
    while let next = marked[end...].firstIndex(where: { $0.mark != " " }), next - end <= 2 * around { end = next + 1 }
    let last = min(end + around, marked.endIndex)
    for line in marked[max(marked.startIndex, first - around)..<last] {
      text += "\(line.mark)\(String(decoding: line.line, as: UTF8.self))\n"
    }
    marked = marked[last...]
  }
  return marked.isEmpty || text.isEmpty ? text : text + "@@\n"
}

private let around = 2

private typealias Line = ArraySlice<UInt8>

private func lines(_ bytes: [UInt8]) -> [Line] {
  var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines.map { $0.last == 0x0D ? $0.dropLast() : $0 }
}

/// At least so many lines are not in both.
private func differing(_ old: [Line], _ new: [Line]) -> Int {
  var counts: [Line: Int] = [:]
  for line in old { counts[line, default: 0] += 1 }
  for line in new { counts[line, default: 0] -= 1 }
  return counts.values.reduce(0) { $0 + abs($1) }
}

private func marks(_ difference: CollectionDifference<Line>, old: [Line], new: [Line]) -> [(
  mark: Character, line: Line
)] {
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in difference {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var marked: [(mark: Character, line: Line)] = []
  var (left, right) = (0, 0)
  while left < old.count || right < new.count {
    if removed.contains(left) {
      marked.append(("-", old[left]))
    } else if inserted.contains(right) {
      marked.append(("+", new[right]))
    } else {
      marked.append((" ", old[left]))
    }
    if marked.last?.mark != "+" { left += 1 }
    if marked.last?.mark != "-" { right += 1 }
  }
  return marked
}
