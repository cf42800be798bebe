/// The comments of a file, by what they speak of.
struct YAMLComments {
  /// Lines on their own, above the key or item that starts at an offset.
  var above: [Int: [String]] = [:]
  /// Lines on their own, under all that the key or item that starts at an offset holds.
  var below: [Int: [String]] = [:]
  /// At the end of the line on which a key or item starts.
  var beside: [Int: String] = [:]
  /// Above everything, and below everything.
  var header: [String] = []
  var footer: [String] = []
  /// Keys and items with an empty line above them or above their comments. The first key has none: an empty line under
  /// what heads the file does not go where the key goes.
  var spaced: Set<Int> = []
  /// Sorted.
  var all: [String] = []

  init(_ bytes: [UInt8], root: YAMLNode) {
    var places = Places()
    places.visit(root)
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    func isBlank(_ line: Int) -> Bool {
      line >= 1 && line <= lines.count && lines[line - 1].allSatisfy { $0 == 0x20 || $0 == 0x0D }
    }
    func isComment(_ line: Int) -> Bool {
      line >= 1 && line <= lines.count && lines[line - 1].first { $0 != 0x20 } == UInt8(ascii: "#")
    }
    for anchor in places.anchors.dropFirst() {
      var line = anchor.line - 1
      while isComment(line) { line -= 1 }
      if line >= 1, isBlank(line) { spaced.insert(anchor.start) }
    }
    // Of the lines of comments that stand together, by line from 1.
    var (hasBlankAbove, hasBlankBelow) = (Array(repeating: false, count: lines.count + 2), [Bool]())
    hasBlankBelow = hasBlankAbove
    for line in lines.indices.map({ $0 + 1 }) where isComment(line) {
      hasBlankAbove[line] = isComment(line - 1) ? hasBlankAbove[line - 1] : isBlank(line - 1)
    }
    for line in lines.indices.reversed().map({ $0 + 1 }) where isComment(line) {
      hasBlankBelow[line] = isComment(line + 1) ? hasBlankBelow[line + 1] : isBlank(line + 1)
    }
    /// A comment speaks of what stands above it where it is indented deeper than what follows, or where an empty line is
    /// between it and that and none above.
    func isUnder(_ place: Places.Anchor, _ comment: Comment, next: Places.Anchor?) -> Bool {
      guard let next else { return comment.column > 1 }
      let margin = 1 + (lines[next.line - 1].firstIndex { $0 != 0x20 } ?? 0) - lines[next.line - 1].startIndex
      if place.column < margin { return false }
      if comment.column > margin { return true }
      return hasBlankBelow[comment.line] && !hasBlankAbove[comment.line]
    }
    for comment in scan(bytes, lines: lines, scalars: places.scalars) {
      all.append(comment.text)
      let index = places.index(after: comment.offset)
      let next = index < places.anchors.count ? places.anchors[index] : nil
      let owner = index > 0 ? places.anchors[index - 1] : nil
      if let owner, owner.isInline, comment.offset < owner.end {
        above[owner.start, default: []].append(comment.text)
      } else if comment.isAlone {
        if owner == nil {
          header.append(comment.text)
        } else if let place = places.ended(before: comment.offset, column: comment.column, in: index),
          isUnder(place, comment, next: next)
        {
          below[place.start, default: []].append(comment.text)
        } else if let next {
          above[next.start, default: []].append(comment.text)
        } else {
          footer.append(comment.text)
        }
      } else if let owner {
        if beside[owner.start] == nil {
          beside[owner.start] = comment.text
        } else {
          above[owner.start, default: []].append(comment.text)
        }
      }
    }
    all.sort()
  }

  private struct Comment {
    var offset: Int
    var line: Int
    /// In bytes: only blanks stand before one that is alone.
    var column: Int
    var text: String
    /// Nothing else stands on its line.
    var isAlone: Bool
  }

  /// What stands between scalars holds a `#` only where a comment begins.
  private func scan(_ bytes: [UInt8], lines: [ArraySlice<UInt8>], scalars: [Places.Scalar]) -> [Comment] {
    var comments: [Comment] = []
    var at = 0
    // Comments are met in the order of the file.
    var line = 0
    let starts = lines.map(\.startIndex)
    func look(until end: Int) {
      while at < end {
        guard bytes[at] == UInt8(ascii: "#") else {
          at += 1
          continue
        }
        let stop = bytes[at...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        while line < starts.count, starts[line] <= at { line += 1 }
        var start = at
        while start > 0, bytes[start - 1] == 0x20 { start -= 1 }
        var text = String(decoding: bytes[at..<stop], as: UTF8.self)
        while text.last == " " || text.last == "\t" { text.removeLast() }
        comments.append(
          Comment(
            offset: at, line: line, column: 1 + at - start, text: text, isAlone: start == 0 || bytes[start - 1] == 0x0A)
        )
        at = stop
      }
    }
    for scalar in scalars {
      look(until: scalar.start)
      if scalar.isBlock {
        // The first line of a block of text has its marks, and maybe a comment.
        let stop = bytes[scalar.start...].firstIndex(of: 0x0A) ?? bytes.count
        at = scalar.start
        look(until: stop)
      }
      at = max(at, scalar.end)
    }
    look(until: bytes.count)
    return comments
  }

  /// Where keys, items and scalars stand, in the order of the file.
  private struct Places {
    struct Anchor {
      var start: Int
      /// Of the value.
      var end: Int
      var line: Int
      /// From 1.
      var column: Int
      /// The value is written within its lines, not below them.
      var isInline: Bool
    }
    struct Scalar {
      var start: Int
      var end: Int
      var isBlock: Bool
    }
    var anchors: [Anchor] = []
    var scalars: [Scalar] = []

    /// Of the first key or item that starts behind an offset.
    func index(after offset: Int) -> Int {
      var range = 0..<anchors.count
      while !range.isEmpty {
        let middle = (range.lowerBound + range.upperBound) / 2
        range = anchors[middle].start > offset ? range.lowerBound..<middle : middle + 1..<range.upperBound
      }
      return range.lowerBound
    }

    /// The key or item that ends between the last one before an index and an offset, holds that one or is it, and is no
    /// deeper than a column.
    func ended(before offset: Int, column: Int, in index: Int) -> Anchor? {
      guard let last = anchors[..<index].last,
        let place = anchors[..<index].last(where: { $0.column <= column }), place.end >= last.start, place.end <= offset
      else { return nil }
      return place
    }

    mutating func visit(_ node: YAMLNode) {
      switch node.content {
      case .scalar(_, let style): scalars.append(Scalar(start: node.start, end: node.end, isBlock: style == .block))
      case .mapping(let entries, let isFlow):
        for entry in entries {
          if !isFlow { anchor(entry.key, value: entry.value) }
          visit(entry.key)
          visit(entry.value)
        }
      case .sequence(let items, let isFlow):
        for item in items {
          if !isFlow { anchor(item, value: item) }
          visit(item)
        }
      }
    }

    private mutating func anchor(_ place: YAMLNode, value: YAMLNode) {
      // The first key of an item starts where the item does.
      if anchors.last?.start == place.start { anchors.removeLast() }
      let isScalar = value.text != nil
      anchors.append(
        Anchor(
          start: place.start, end: value.end, line: place.line, column: place.column,
          isInline: isScalar || value.isFlow))
    }
  }
}
