/// One node of a YAML document, with its place in the file.
struct YAMLNode: Sendable {
  enum Style: Hashable, Sendable {
    case plain, singleQuoted, doubleQuoted
    /// `|` or `>`.
    case block
  }

  enum Content: Sendable {
    case scalar(String, Style)
    case mapping([YAMLEntry], isFlow: Bool)
    case sequence([YAMLNode], isFlow: Bool)
  }

  var content: Content
  /// Byte offsets. A block collection ends where its last child ends, not where the next token starts.
  var start: Int
  var end: Int
  /// From 1; the column in characters.
  var line: Int
  var column: Int

  /// The scalar's text, whatever its style.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// Nothing was written where a value could stand.
  var isEmpty: Bool {
    if case .scalar(let text, .plain) = content { text.isEmpty } else { false }
  }

  var entries: [YAMLEntry]? {
    if case .mapping(let entries, _) = content { entries } else { nil }
  }

  var items: [YAMLNode]? {
    if case .sequence(let items, _) = content { items } else { nil }
  }

  /// Written with `{}` or `[]`.
  var isFlow: Bool {
    switch content {
    case .scalar: false
    case .mapping(_, let isFlow), .sequence(_, let isFlow): isFlow
    }
  }

  /// The value of a mapping's key.
  subscript(key: String) -> YAMLNode? { entry(key)?.value }

  func entry(_ key: String) -> YAMLEntry? {
    guard case .mapping(let entries, _) = content else { return nil }
    // By index: an entry is large, and most of those looked at are not the one.
    for index in entries.indices {
      if case .scalar(let name, _) = entries[index].key.content, name == key { return entries[index] }
    }
    return nil
  }
}

/// One key of a mapping and its value.
struct YAMLEntry: Sendable {
  var key: YAMLNode
  var value: YAMLNode

  /// The key's text; keys are always scalars.
  var name: String { key.text ?? "" }
}
