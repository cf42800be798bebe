/// A new piece of YAML, before it is laid out.
indirect enum YAMLText {
  typealias Entry = (key: String, value: YAMLText)

  /// Quoted where a reader could take it for something else.
  case text(String)
  /// `true`, `10000`: as it stands.
  case verbatim(String)
  case list([YAMLText])
  case map([Entry])
  /// On one line, with brackets.
  case flow(YAMLText)

  /// A whole file.
  var document: String { lines.map { $0 + "\n" }.joined() }

  /// In block style. Only the first line of an item or a value may have to follow something.
  var lines: [String] {
    switch self {
    case .text(let text): return [yamlScalar(text, inFlow: false)]
    case .verbatim(let text): return [text]
    case .flow(let inner): return [inner.inline]
    case .list(let items):
      if items.isEmpty { return ["[]"] }
      return items.flatMap { item in
        item.lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
      }
    case .map(let entries):
      if entries.isEmpty { return ["{}"] }
      return entries.flatMap { Self.lines(of: $0, listIndent: 2) }
    }
  }

  /// One key with its value; a list's dashes stand `listIndent` to the right of the key.
  static func lines(of entry: Entry, listIndent: Int) -> [String] {
    let key = yamlScalar(entry.key, inFlow: true) + ":"
    let value = entry.value.lines
    let indent: Int
    switch entry.value {
    case .list(let items) where !items.isEmpty: indent = listIndent
    case .map(let entries) where !entries.isEmpty: indent = 2
    default: return [key + " " + value[0]]
    }
    return [key] + value.map { String(repeating: " ", count: indent) + $0 }
  }

  /// In flow style, on one line.
  var inline: String {
    switch self {
    case .text(let text): yamlScalar(text, inFlow: true)
    case .verbatim(let text): text
    case .flow(let inner): inner.inline
    case .list(let items): "[\(items.map(\.inline).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.map { "\(yamlScalar($0.key, inFlow: true)): \($0.value.inline)" }.joined(separator: ", "))}"
    }
  }

  static func bool(_ value: Bool) -> YAMLText { .verbatim(value ? "true" : "false") }
}

extension TableName {
  /// `schema.name`, or both apart where a dot in the schema would split them wrongly.
  var yaml: YAMLText {
    TableName(description) == self
      ? .text(description) : .flow(.map([("schema", .text(schema)), ("name", .text(name))]))
  }
}
