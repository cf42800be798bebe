/// Turns nodes into typed values and collects every problem on the way, never only the first.
struct YAMLDecoder {
  let path: String
  private(set) var diagnostics: [Diagnostic]

  init(path: String, diagnostics: [Diagnostic] = []) {
    self.path = path
    self.diagnostics = diagnostics
  }

  /// Whether something was found that makes the value worthless.
  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  mutating func error(
    _ node: YAMLNode, _ message: String, hint: @autoclosure () -> String? = nil, check: LintCheck? = nil
  ) {
    tell(node, .error, message, hint, check)
  }

  mutating func warn(
    _ node: YAMLNode, _ message: String, hint: @autoclosure () -> String? = nil, check: LintCheck? = nil
  ) {
    tell(node, .warning, message, hint, check)
  }

  /// A way out is looked for only as often as one is shown: to compare a word with all that it could mean takes long.
  private mutating func tell(
    _ node: YAMLNode, _ severity: Diagnostic.Severity, _ message: String, _ hint: () -> String?, _ check: LintCheck?
  ) {
    diagnostics.append(
      Diagnostic(
        path: path, line: node.line, column: node.column, severity: severity, message: message,
        hint: diagnostics.count < mostFindingsOfAFile ? hint() : nil, check: check))
  }

  /// The keys of a mapping; those that are not in `known` are errors. Nil where the node is something else.
  mutating func fields(_ node: YAMLNode, of what: String, known: [String]) -> YAMLFields? {
    guard let entries = node.entries else {
      error(node, "\(what) is \(node.kind), not a mapping", hint: "write keys and values")
      return nil
    }
    for entry in entries where !known.contains(entry.name) {
      error(
        entry.key, "unknown key \"\(entry.name)\" in \(what)",
        hint: suggestion(for: entry.name, among: known, list: "the keys"), check: .unknownKey)
    }
    return YAMLFields(node: node, what: what, entries: entries)
  }

  /// A value that must be there.
  mutating func required(_ key: String, in fields: YAMLFields) -> YAMLNode? {
    guard let node = fields[key] else {
      error(fields.node, "\(fields.what) lacks \"\(key)\"", hint: "add \"\(key):\"", check: .missingKey)
      return nil
    }
    return node
  }

  /// The text of a scalar, whatever another reader would take it for; nil and an error for a collection.
  mutating func text(_ node: YAMLNode?, _ what: @autoclosure () -> String) -> String? {
    guard let node else { return nil }
    guard let text = node.text else {
      error(node, "\(what()) is \(node.kind), not a text")
      return nil
    }
    return text
  }

  /// The text of a key that must be there and not be empty.
  mutating func requiredText(_ key: String, in fields: YAMLFields) -> String? {
    guard let node = required(key, in: fields) else { return nil }
    guard let text = text(node, "\"\(key)\"") else { return nil }
    if text.isEmpty {
      error(node, "\"\(key)\" of \(fields.what) is empty")
      return nil
    }
    return text
  }

  /// The text of a key, where it is there.
  mutating func optionalText(_ key: String, in fields: YAMLFields) -> String? {
    text(fields[key], "\"\(key)\"")
  }

  /// `true` or `false`; other spellings mean different things to different readers.
  mutating func boolean(_ key: String, in fields: YAMLFields) -> Bool? { fields[key].flatMap { boolean($0, key) } }

  mutating func boolean(_ node: YAMLNode, _ key: String) -> Bool? {
    if let value = node.boolean { return value }
    error(
      node, "\"\(key)\" is \(node.shown), not true or false", hint: "write true or false, unquoted")
    return nil
  }

  /// A decimal whole number; a leading zero would be octal to some readers.
  mutating func integer(_ key: String, in fields: YAMLFields) -> Int? { fields[key].flatMap { integer($0, key) } }

  mutating func integer(_ node: YAMLNode, _ key: String) -> Int? {
    if let value = node.integer { return value }
    error(
      node, "\"\(key)\" is \(node.shown), not a whole number",
      hint: "write digits only, without leading zeros or quotes")
    return nil
  }

  /// One word from a closed list.
  mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String, in fields: YAMLFields, as type: Value.Type = Value.self
  ) -> Value? where Value.RawValue == String {
    guard let node = fields[key], let text = text(node, "\"\(key)\"") else { return nil }
    return choice(text, at: node, key: key)
  }

  mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ text: String, at node: YAMLNode, key: String
  ) -> Value? where Value.RawValue == String {
    if let value = Value(rawValue: text) { return value }
    error(
      node, "unknown \(key) \"\(text)\"",
      hint: suggestion(for: text, among: Value.allCases.map(\.rawValue), list: "one of"))
    return nil
  }

  /// The items of a list; empty where the key is missing.
  mutating func items(_ key: String, in fields: YAMLFields) -> [YAMLNode] {
    guard let node = fields[key] else { return [] }
    if let items = node.items { return items }
    error(node, "\"\(key)\" is \(node.kind), not a list", hint: "write [one, two] or \"- \" lines")
    return []
  }

  /// A list of texts; empty where the key is missing.
  mutating func texts(_ key: String, in fields: YAMLFields) -> [String] {
    items(key, in: fields).compactMap { text($0, "an item of \"\(key)\"") }
  }

  /// A table: `schema.name`, or `{schema, name}` where a name holds a dot.
  mutating func table(_ key: String, in fields: YAMLFields) -> TableName? {
    guard let node = required(key, in: fields) else { return nil }
    guard let text = node.text else {
      guard let parts = self.fields(node, of: "\"\(key)\"", known: ["schema", "name"]),
        let schema = requiredText("schema", in: parts), let name = requiredText("name", in: parts)
      else { return nil }
      return TableName(schema: schema, name: name)
    }
    if let table = TableName(text) { return table }
    error(node, "\"\(text)\" is not a table", hint: "write schema.table")
    return nil
  }

  /// The `version` of our own formats.
  mutating func formatVersion(in fields: YAMLFields) {
    guard let node = required("version", in: fields) else { return }
    guard node.text == "1" else {
      error(
        node, "unknown version \(node.shown) of \(fields.what)",
        hint: "this program reads version 1; a later file needs a later program")
      return
    }
  }
}

/// The keys of one mapping, looked up by name. A key without a value counts as missing.
struct YAMLFields {
  let node: YAMLNode
  /// For messages: "the mapping", "column \"id\"".
  let what: String
  let entries: [YAMLEntry]

  subscript(key: String) -> YAMLNode? {
    for entry in entries where entry.name == key { return entry.value.isEmpty ? nil : entry.value }
    return nil
  }
}

extension YAMLNode {
  /// "a text", "a list", "a mapping".
  var kind: String {
    switch content {
    case .scalar: isEmpty ? "empty" : "a text"
    case .mapping: "a mapping"
    case .sequence: "a list"
    }
  }

  var boolean: Bool? {
    switch content {
    case .scalar("true", .plain), .scalar("True", .plain), .scalar("TRUE", .plain): true
    case .scalar("false", .plain), .scalar("False", .plain), .scalar("FALSE", .plain): false
    default: nil
    }
  }

  var integer: Int? {
    if case .scalar(let text, .plain) = content { plainInteger(text) } else { nil }
  }

  /// A finite decimal number that YAML 1.1 and 1.2 both take for one: an exponent needs a point before it and a sign.
  var number: Double? {
    guard case .scalar(let text, .plain) = content else { return nil }
    if let whole = plainInteger(text) { return Double(whole) }
    let parts = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].contains("."), parts[0].contains(where: \.isNumber),
      parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }),
      parts.count == 1 || parts[1].first.map({ "+-".contains($0) }) ?? false, let value = Double(text)
    else { return nil }
    return value.isFinite ? value : nil
  }

  /// The offending value for a message.
  var shown: String {
    guard let text else { return kind }
    return "\"\(text)\""
  }
}

/// "did you mean ...?", or the whole list where it is short and nothing is near.
package func suggestion(for text: String, among known: [String], list: String) -> String? {
  let bytes = Array(text.lowercased().utf8)
  if bytes.count <= 64 {
    let ranked = known.map { name in
      let other = Array(name.lowercased().utf8)
      let distance = editDistance(bytes, other)
      // Two letters that changed places are one slip, not two.
      return (distance == 2 && bytes.sorted() == other.sorted() ? 1 : distance, name)
    }
    if let best = ranked.min(by: { $0.0 < $1.0 }), best.0 <= max(1, bytes.count / 3) {
      return "did you mean \"\(best.1)\"?"
    }
  }
  return known.count > 12 ? nil : "\(list): \(known.joined(separator: ", "))"
}

/// Reads what YAML 1.1 and 1.2 both take for the same whole number.
func plainInteger(_ text: String) -> Int? {
  let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
  guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }),
    first != 0x30 || digits.count == 1
  else { return nil }
  return Int(text)
}
