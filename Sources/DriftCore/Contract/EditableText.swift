/// A YAML file as bytes that are changed in place: values are replaced where they stand, new lines are put behind the
/// last line of what they belong to, in the file's own indentation and line ends.
struct EditableText {
  private(set) var bytes: [UInt8]
  let path: String

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The document as it stands now.
  func root() throws(EditRefusal) -> YAMLNode {
    guard let root = readYAML(bytes, path: path).root else {
      throw refusal(path, "the text cannot be read after an edit")
    }
    return root
  }

  /// Sets one key of a mapping to a text, quoted as the file quotes it now.
  mutating func setText(_ key: String, _ text: String, in mapping: YAMLNode) throws(EditRefusal) {
    let old = mapping.entry(key)?.value
    if old?.text == text { return }
    try set(key, quoted(text, like: old), in: mapping)
  }

  /// Replaces a scalar by a text, quoted as the file quotes it now.
  mutating func replace(_ scalar: YAMLNode, withText text: String) throws(EditRefusal) {
    if case .scalar(_, .block) = scalar.content { throw refusal(path, "a block of text is in the way", at: scalar) }
    bytes.replaceSubrange(scalar.start..<scalar.end, with: Array(quoted(text, like: scalar).utf8))
  }

  private func quoted(_ text: String, like old: YAMLNode?) -> String {
    switch old?.content {
    case .scalar(_, .doubleQuoted): yamlQuoted(text)
    case .scalar(_, .singleQuoted) where !text.contains("'") && yamlQuoted(text) == "\"\(text)\"": "'\(text)'"
    case .scalar(let before, .plain) where isVersion(before) && isVersion(text): text
    default: yamlScalar(text)
    }
  }

  /// Sets one key of a mapping: replaces its value, or adds the key.
  mutating func set(_ key: String, _ value: String, in mapping: YAMLNode) throws(EditRefusal) {
    guard let entries = mapping.entries, let last = entries.last else {
      throw refusal(path, "a mapping should be here", at: mapping)
    }
    if let entry = mapping.entry(key) {
      let isOneLine = entry.value.text != nil || entry.value.isFlow
      if case .scalar(_, .block) = entry.value.content {
        throw refusal(path, "\"\(key)\" is a block of text", at: entry.value)
      }
      guard isOneLine else { throw refusal(path, "\"\(key)\" is a block", at: entry.value) }
      if entry.value.isEmpty {
        bytes.replaceSubrange(entry.value.start..<entry.value.start, with: Array(" \(value)".utf8))
      } else {
        bytes.replaceSubrange(entry.value.start..<entry.value.end, with: Array(value.utf8))
      }
      return
    }
    if mapping.isFlow {
      bytes.insert(contentsOf: Array(", \(key): \(value)".utf8), at: last.value.end)
    } else {
      insert([indent(of: entries[0].key) + "\(key): \(value)"], after: last.value)
    }
  }

  /// Appends an item, given as the lines of a block mapping or one line of flow, to a sequence.
  mutating func append(_ lines: [String], to sequence: YAMLNode) throws(EditRefusal) {
    guard let items = sequence.items else {
      throw refusal(path, "a list should be here", at: sequence)
    }
    if sequence.isFlow {
      guard items.isEmpty || lines.count == 1 else {
        throw refusal(path, "the list is written in brackets", at: sequence)
      }
      if let last = items.last {
        bytes.insert(contentsOf: Array(", \(lines[0])".utf8), at: last.end)
        return
      }
      guard lines.count == 1 else {
        throw refusal(path, "the empty list is written in brackets", at: sequence)
      }
      bytes.replaceSubrange(sequence.start..<sequence.end, with: Array("[\(lines[0])]".utf8))
      return
    }
    guard let first = items.first, let last = items.last, let dash = dashIndent(of: first) else {
      throw refusal(path, "the list has no item to follow", at: sequence)
    }
    // The gap between dash and item is the file's own, where it is plain blanks.
    let gap = max(1, indentWidth(of: first) - dash.utf8.count - 1)
    let blanks = String(repeating: " ", count: gap)
    let inner = dash + " " + blanks
    let block = lines.enumerated().map { index, line in
      index == 0 ? dash + "-" + blanks + line : inner + line
    }
    insert(block, after: last)
  }

  /// Takes one key out of a mapping, with the lines that are its own; comments above it stay.
  mutating func remove(_ key: String, from mapping: YAMLNode) throws(EditRefusal) {
    guard let entries = mapping.entries, let index = entries.firstIndex(where: { $0.name == key }) else { return }
    let entry = entries[index]
    guard entries.count > 1 else { throw refusal(path, "\"\(key)\" is the only key here", at: entry.key) }
    if mapping.isFlow {
      let range =
        index > 0 ? entries[index - 1].value.end..<entry.value.end : entry.key.start..<entries[1].key.start
      bytes.removeSubrange(range)
      return
    }
    let start = lineStart(of: entry.key)
    guard bytes[start..<entry.key.start].allSatisfy({ $0 == UInt8(ascii: " ") }) else {
      throw refusal(path, "\"\(key)\" stands beside the dash of its item", at: entry.key)
    }
    var end = max(entry.value.end, entry.key.end)
    if end > 0, bytes[end - 1] != UInt8(ascii: "\n") {
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      end = min(end + 1, bytes.count)
    }
    // The last line of a file that ends without a line break takes the one before it along.
    let isLast = end == bytes.count && bytes.last != UInt8(ascii: "\n")
    bytes.removeSubrange((isLast ? start - (usesCarriageReturns ? 2 : 1) : start)..<end)
  }

  /// Takes a block item out with its line. An item of several lines is refused.
  mutating func removeLine(of item: YAMLNode) throws(EditRefusal) {
    guard dashIndent(of: item) != nil, item.text != nil, !bytes[item.start..<item.end].contains(UInt8(ascii: "\n"))
    else { throw refusal(path, "the item is more than a line of its own", at: item) }
    let start = lineStart(of: item)
    let end = bytes[item.end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    // The last line of a file that ends without a line break takes the one before it along.
    let isLast = end == bytes.count && bytes.last != UInt8(ascii: "\n")
    bytes.removeSubrange((isLast ? start - (usesCarriageReturns ? 2 : 1) : start)..<end)
  }

  mutating func remove(_ range: Range<Int>) { bytes.removeSubrange(range) }

  mutating func insert(_ text: String, at place: Int) { bytes.insert(contentsOf: Array(text.utf8), at: place) }

  /// Puts lines below a key in the place of its value, which stands on the key's line.
  mutating func replace(_ value: YAMLNode, with lines: [String]) {
    let newline = usesCarriageReturns ? "\r\n" : "\n"
    var start = value.start
    while start > 0, bytes[start - 1] == UInt8(ascii: " ") { start -= 1 }
    bytes.replaceSubrange(start..<value.end, with: Array(lines.map { newline + $0 }.joined().utf8))
  }

  /// Sets one of our custom properties of a column or table.
  mutating func setCustom(
    _ property: CustomProperty, _ value: String, in object: YAMLNode, standard: ODCSVersion
  ) throws(EditRefusal) {
    let line = customLine(property, value, in: standard)
    guard let list = object["customProperties"] else {
      if object.isFlow {
        try set("customProperties", "[\(line)]", in: object)
      } else if let entries = object.entries, let last = entries.last {
        let indent = indent(of: entries[0].key)
        insert(["\(indent)customProperties:", "\(indent)  - \(line)"], after: last.value)
      }
      return
    }
    for item in list.items ?? [] {
      let isOurs =
        (item["property"]?.text == property.name && item["vendor"]?.text == property.vendor)
        || (item["vendor"] == nil && item["property"]?.text == property.prefixed)
      if isOurs {
        try set("value", value, in: item)
        return
      }
    }
    try append([line], to: list)
  }

  // MARK: Lines

  /// Puts whole lines behind the line on which a node ends.
  private mutating func insert(_ lines: [String], after node: YAMLNode) {
    let newline = usesCarriageReturns ? "\r\n" : "\n"
    var at = max(node.end, node.start)
    // A block scalar ends behind its line break.
    if at > 0, at <= bytes.count, bytes[at - 1] == UInt8(ascii: "\n"), node.end > node.start {
      bytes.insert(contentsOf: Array(lines.map { $0 + newline }.joined().utf8), at: at)
      return
    }
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    if at < bytes.count {
      bytes.insert(contentsOf: Array(lines.map { $0 + newline }.joined().utf8), at: at + 1)
    } else {
      bytes += Array(lines.map { newline + $0 }.joined().utf8)
    }
  }

  private var usesCarriageReturns: Bool {
    guard let index = bytes.firstIndex(of: UInt8(ascii: "\n")), index > 0 else { return false }
    return bytes[index - 1] == UInt8(ascii: "\r")
  }

  private func lineStart(of node: YAMLNode) -> Int {
    var start = node.start
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : start
  }

  /// Blanks that bring a new key under this one.
  private func indent(of key: YAMLNode) -> String {
    String(repeating: " ", count: indentWidth(of: key))
  }

  private func indentWidth(of node: YAMLNode) -> Int { node.start - lineStart(of: node) }

  /// The blanks before the dash of a block item.
  private func dashIndent(of item: YAMLNode) -> String? {
    let start = lineStart(of: item)
    guard let dash = bytes[start..<item.start].lastIndex(of: UInt8(ascii: "-")),
      bytes[start..<dash].allSatisfy({ $0 == UInt8(ascii: " ") })
    else { return nil }
    return String(repeating: " ", count: dash - start)
  }
}

/// `1.4.0`: two dots keep every reader from taking it for a number.
private func isVersion(_ text: String) -> Bool {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
