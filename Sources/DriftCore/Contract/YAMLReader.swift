import CYAML

/// What one of our files may cost to read.
enum YAMLLimits {
  static let bytes = readableFileSize
  static let depth = 16
  static let events = 600_000
}

/// In bytes: a contract of 10,000 columns, as Mooring writes it, is about half as large.
package let readableFileSize = 4 << 20

/// Reads the one document of a file.
///
/// Anchors, aliases, merge keys, tags, directives and duplicate keys are refused, and so is whatever YAML 1.1 and 1.2 read
/// differently. The scanner stops at its first problem, so there is at most one error; warnings may stand beside a root.
func readYAML(_ bytes: [UInt8], path: String) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
  do throws(YAMLRefusal) {
    let text = try CheckedText(bytes, path: path)
    let root = try text.bytes.withUnsafeBufferPointer { buffer throws(YAMLRefusal) in
      let events = YAMLEvents(buffer, text: text)
      defer { events.close() }
      return try events.document()
    }
    return (root, text.warnings)
  } catch {
    return (nil, [error.diagnostic])
  }
}

/// The scanner, and the one place that touches its C structures. Bound to the buffer's lifetime.
private final class YAMLEvents {
  private let text: CheckedText
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private var count = 0

  init(_ buffer: UnsafeBufferPointer<UInt8>, text: CheckedText) {
    self.text = text
    parser = .allocate(capacity: 1)
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
  }

  /// Frees what the scanner holds; nothing may be called afterwards.
  func close() {
    yaml_event_delete(event)
    event.deallocate()
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  func document() throws(YAMLRefusal) -> YAMLNode {
    try advance()
    try advance()
    guard event.pointee.type == YAML_DOCUMENT_START_EVENT else {
      throw refusal(event.pointee.start_mark, "the file is empty")
    }
    let start = event.pointee.data.document_start
    guard start.version_directive == nil, start.tag_directives.start == start.tag_directives.end
    else {
      throw refusal(
        event.pointee.start_mark, "a directive", hint: "remove the line that starts with %")
    }
    try advance()
    let root = try node(depth: 1)
    try advance()
    try advance()
    guard event.pointee.type == YAML_STREAM_END_EVENT else {
      throw refusal(
        event.pointee.start_mark, "a second document",
        hint: "keep one document a file: remove what follows")
    }
    return root
  }

  private func advance() throws(YAMLRefusal) {
    yaml_event_delete(event)
    guard yaml_parser_parse(parser, event) == 1 else { throw syntaxRefusal() }
    count += 1
    guard count <= YAMLLimits.events else {
      throw refusal(event.pointee.start_mark, "more than \(YAMLLimits.events) values")
    }
  }

  /// The node whose first event is the current one.
  private func node(depth: Int) throws(YAMLRefusal) -> YAMLNode {
    let mark = event.pointee.start_mark
    guard depth <= YAMLLimits.depth else {
      throw refusal(mark, "nested deeper than \(YAMLLimits.depth) levels")
    }
    switch event.pointee.type {
    case YAML_SCALAR_EVENT:
      return try scalar(mark)
    case YAML_MAPPING_START_EVENT:
      let start = event.pointee.data.mapping_start
      try refuseProperties(anchor: start.anchor, tag: start.tag, mark)
      let isFlow = start.style == YAML_FLOW_MAPPING_STYLE
      let entries = try entries(depth: depth)
      let end = isFlow ? text.offset(event.pointee.end_mark.index) : entries.last?.value.end
      return placed(.mapping(entries, isFlow: isFlow), mark, end: end)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.pointee.data.sequence_start
      try refuseProperties(anchor: start.anchor, tag: start.tag, mark)
      let isFlow = start.style == YAML_FLOW_SEQUENCE_STYLE
      var items: [YAMLNode] = []
      try advance()
      while event.pointee.type != YAML_SEQUENCE_END_EVENT {
        items.append(try node(depth: depth + 1))
        try advance()
      }
      let end = isFlow ? text.offset(event.pointee.end_mark.index) : items.last?.end
      return placed(.sequence(items, isFlow: isFlow), mark, end: end)
    case YAML_ALIAS_EVENT:
      throw refusal(mark, "an alias", hint: "write the value out; anchors and aliases are not read")
    default:
      throw refusal(mark, "not a value")
    }
  }

  private func entries(depth: Int) throws(YAMLRefusal) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var seen: Set<ColumnName> = []
    try advance()
    while event.pointee.type != YAML_MAPPING_END_EVENT {
      let mark = event.pointee.start_mark
      let key = try node(depth: depth + 1)
      guard case .scalar(let name, let style) = key.content else {
        throw refusal(mark, "a key that is not a text")
      }
      guard !key.isEmpty else { throw refusal(mark, "a value without a key") }
      guard style != .plain || name != "<<" else {
        throw refusal(mark, "a merge key", hint: "write the merged keys out")
      }
      let isKnown =
        entries.count < 16
        ? entries.contains { ColumnName($0.name) == ColumnName(name) }
        : seen.contains(ColumnName(name))
      guard !isKnown else {
        throw refusal(mark, "duplicate key \"\(name)\"", hint: "keep one of the two")
      }
      try advance()
      entries.append(YAMLEntry(key: key, value: try node(depth: depth + 1)))
      if entries.count == 16 {
        seen = Set(entries.map { ColumnName($0.name) })
      } else if entries.count > 16 {
        seen.insert(ColumnName(name))
      }
      try advance()
    }
    return entries
  }

  private func scalar(_ mark: yaml_mark_t) throws(YAMLRefusal) -> YAMLNode {
    let scalar = event.pointee.data.scalar
    try refuseProperties(anchor: scalar.anchor, tag: scalar.tag, mark)
    let style: YAMLNode.Style =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
      default: .plain
      }
    let value = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    return placed(.scalar(value, style), mark, end: text.offset(event.pointee.end_mark.index))
  }

  private func placed(_ content: YAMLNode.Content, _ mark: yaml_mark_t, end: Int?) -> YAMLNode {
    let start = text.offset(Int(mark.index))
    return YAMLNode(
      content: content, start: start, end: end ?? start, line: Int(mark.line) + 1,
      column: Int(mark.column) + 1)
  }

  private func refuseProperties(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?,
    _ mark: yaml_mark_t
  ) throws(YAMLRefusal) {
    if anchor != nil {
      throw refusal(
        mark, "an anchor", hint: "write the value out; anchors and aliases are not read")
    }
    if tag != nil {
      throw refusal(mark, "a tag", hint: "remove the word that starts with !")
    }
  }

  private func refusal(_ mark: yaml_mark_t, _ message: String, hint: String? = nil) -> YAMLRefusal {
    YAMLRefusal(
      diagnostic: Diagnostic(
        path: text.path, line: Int(mark.line) + 1, column: Int(mark.column) + 1, message: message, hint: hint)
    )
  }

  private func syntaxRefusal() -> YAMLRefusal {
    guard let words = parser.pointee.problem else {
      return text.refusal(at: text.bytes.count, "the file ends too early")
    }
    let message = String(cString: words)
    if parser.pointee.error == YAML_READER_ERROR {
      return text.refusal(at: Int(parser.pointee.problem_offset), message)
    }
    let problem = YAMLProblem(message, within: parser.pointee.context.map { String(cString: $0) })
    let (mark, opening) = (parser.pointee.problem_mark, parser.pointee.context_mark)
    if text.startsWithTab(line: Int(mark.line)) {
      return refusal(mark, problem.text, hint: "indent with spaces, not with tabs")
    }
    let place = problem.isAtOpening ? opening : mark
    return refusal(place, problem.text, hint: problem.hint(Int(opening.line) + 1, Int(opening.column) + 1))
  }
}
