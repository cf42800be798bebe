/// Lays a document out again, line by line.
struct CanonicalLayout {
  let comments: YAMLComments

  /// A block mapping or sequence, or whatever else stands where one could.
  func block(_ node: YAMLNode, shape: ODCSShape?, indent: Int) -> [String] {
    switch node.content {
    case .mapping(let entries, isFlow: false):
      return ordered(entries, of: node, shape).enumerated().flatMap { index, entry in
        above(entry.key, indent: indent, isFirst: index == 0) + lines(of: entry, shape, indent: indent)
      }
    case .sequence(let items, isFlow: false):
      return items.enumerated().flatMap { index, item in
        above(item, indent: indent, isFirst: index == 0) + lines(ofItem: item, shape, indent: indent)
      }
    case .scalar, .mapping, .sequence:
      let (first, rest) = inline(node, shape, indent: indent)
      return [blanks(indent) + first] + rest
    }
  }

  private func lines(of entry: YAMLEntry, _ shape: ODCSShape?, indent: Int) -> [String] {
    own(entry, shape, indent: indent) + below(entry.key, indent: indent)
  }

  private func own(_ entry: YAMLEntry, _ shape: ODCSShape?, indent: Int) -> [String] {
    let key = blanks(indent) + scalar(entry.key) + ":"
    let beside = comments.beside[entry.key.start].map { "  " + $0 } ?? ""
    let inner = shape?[entry.name]?.value.shape(of: entry.value)
    if entry.value.isEmpty { return [key + beside] }
    if entry.value.text != nil || entry.value.isFlow {
      let (first, rest) = inline(entry.value, inner, indent: indent)
      return [key + " " + first + beside] + rest
    }
    return [key + beside] + block(entry.value, shape: inner, indent: indent + 2)
  }

  private func lines(ofItem item: YAMLNode, _ shape: ODCSShape?, indent: Int) -> [String] {
    let dash = blanks(indent) + "- "
    let beside = comments.beside[item.start].map { "  " + $0 } ?? ""
    if item.text != nil || item.isFlow {
      let (first, rest) = inline(item, shape, indent: indent)
      return [first.isEmpty ? blanks(indent) + "-" + beside : dash + first + beside] + rest
        + below(item, indent: indent)
    }
    guard case .mapping(let entries, _) = item.content else {
      let inner = block(item, shape: nil, indent: indent + 2)
      return [dash + inner[0].dropFirst(indent + 2)] + inner.dropFirst()
    }
    // What stood above the key that comes first now stands above the dash.
    var result: [String] = []
    for (index, entry) in ordered(entries, of: item, shape).enumerated() {
      let isOwn = entry.key.start == item.start
      if !isOwn { result += above(entry.key, indent: index == 0 ? indent : indent + 2, isFirst: index == 0) }
      var lines = lines(of: entry, shape, indent: indent + 2)
      if index == 0 { lines[0] = dash + lines[0].dropFirst(indent + 2) }
      result += lines
    }
    return result
  }

  private func ordered(_ entries: [YAMLEntry], of node: YAMLNode, _ shape: ODCSShape?) -> [YAMLEntry] {
    guard let shape else { return entries }
    let variant = shape.variant?(node, .latest)
    return entries.enumerated().sorted { left, right in
      let places = (
        shape.position(of: left.element.name, variant: variant),
        shape.position(of: right.element.name, variant: variant)
      )
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }

  private func above(_ node: YAMLNode, indent: Int, isFirst: Bool) -> [String] {
    let text = (comments.above[node.start] ?? []).map { blanks(indent) + $0 }
    return comments.spaced.contains(node.start) && !isFirst ? [""] + text : text
  }

  private func below(_ node: YAMLNode, indent: Int) -> [String] {
    (comments.below[node.start] ?? []).map { blanks(indent) + $0 }
  }

  // MARK: On one line

  private func inline(_ node: YAMLNode, _ shape: ODCSShape?, indent: Int) -> (first: String, rest: [String]) {
    if case .scalar(let text, .block) = node.content, let lines = literal(text) {
      let isClipped = text.last == "\n"
      return (isClipped ? "|" : "|-", lines.map { $0.isEmpty ? "" : blanks(indent + 2) + $0 })
    }
    return (flow(node, shape), [])
  }

  private func flow(_ node: YAMLNode, _ shape: ODCSShape?) -> String {
    switch node.content {
    case .scalar: return scalar(node)
    case .sequence(let items, _): return "[\(items.map { flow($0, shape) }.joined(separator: ", "))]"
    case .mapping(let entries, _):
      let parts = ordered(entries, of: node, shape).map { entry in
        let inner = shape?[entry.name]?.value.shape(of: entry.value)
        let value = flow(entry.value, inner)
        return value.isEmpty ? scalar(entry.key) + ":" : "\(scalar(entry.key)): \(value)"
      }
      return "{\(parts.joined(separator: ", "))}"
    }
  }

  /// Plain text stays as it is, for it may be a number to a reader; quotes go where no reader needs them.
  private func scalar(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, .plain): text
    case .scalar(let text, _): yamlScalar(text)
    case .mapping, .sequence: ""
    }
  }

  /// The lines of a text that can stand below `|`; nil where blanks or unseen characters would be lost.
  private func literal(_ text: String) -> [String]? {
    guard let first = text.first, first != " ", first != "\n", !text.hasSuffix("\n\n"),
      visible(text, keepingLines: true).utf8.elementsEqual(text.utf8)
    else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return text.last == "\n" ? lines.dropLast() : lines
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
