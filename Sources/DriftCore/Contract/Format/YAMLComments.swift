/// The comments of a file, by what they speak of.
struct YAMLComments {
  /// Lines on their own, above the key or item that starts at an offset.
  var above: [Int: [String]] = [:]
  /// At the end of the line on which a key or item starts.
  var beside: [Int: String] = [:]
  /// Above everything, and below everything.
  var header: [String] = []
  var footer: [String] = []
  /// Keys and items with an empty line above them or above their comments.
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
    for anchor in places.anchors {
      var line = anchor.line - 1
      while isComment(line) { line -= 1 }
      if line >= 1, isBlank(line) { spaced.insert(anchor.start) }
    }
    for comment in scan(bytes, scalars: places.scalars) {
      all.append(comment.text)
      let index = places.index(after: comment.offset)
      let next = index < places.anchors.count ? places.anchors[index] : nil
      let owner = index > 0 ? places.anchors[index - 1] : nil
      if let owner, owner.isInline, comment.offset < owner.end {
        above[owner.start, default: []].append(comment.text)
      } else if comment.isAlone {
        if owner == nil {
          header.append(comment.text)
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
    var text: String
    /// Nothing else stands on its line.
    var isAlone: Bool
  }

  /// What stands between scalars holds a `#` only where a comment begins.
  private func scan(_ bytes: [UInt8], scalars: [Places.Scalar]) -> [Comment] {
    var comments: [Comment] = []
    var at = 0
    func look(until end: Int) {
      while at < end {
        guard bytes[at] == UInt8(ascii: "#") else {
          at += 1
          continue
        }
        let stop = bytes[at...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        var start = at
        while start > 0, bytes[start - 1] == 0x20 { start -= 1 }
        var text = String(decoding: bytes[at..<stop], as: UTF8.self)
        while text.last == " " || text.last == "\t" { text.removeLast() }
        comments.append(Comment(offset: at, text: text, isAlone: start == 0 || bytes[start - 1] == 0x0A))
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
        Anchor(start: place.start, end: value.end, line: place.line, isInline: isScalar || value.isFlow))
    }
  }
}
