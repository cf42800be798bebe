extension YAMLDecoder {
  /// Checks an object and all that it holds; after this, its values may be read without another look.
  mutating func check(_ node: YAMLNode, _ shape: ODCSShape, _ version: ODCSVersion) {
    guard let entries = node.entries else {
      error(node, "\(shape.what) is \(node.kind), not a mapping", hint: "write keys and values")
      return
    }
    let variant = shape.variant?(node, version)
    for entry in entries {
      guard let key = shape[entry.name] ?? variant?[entry.name] else {
        unknown(entry, shape, variant, version)
        continue
      }
      if key.since > version {
        tell(
          entry.key, asError: shape.isClosed(in: version),
          "\"\(key.name)\" of \(shape.what) is there since \(key.since.text); this file is \(version.text)",
          hint: "set apiVersion: \(ODCSVersion.latest.text), or leave the key out")
      }
      if entry.value.isEmpty {
        if case .any = key.value { continue }
        // It is no text and no list to the standard; to us it is as good as not there.
        warn(
          entry.key, "\"\(key.name)\" of \(shape.what) has no value", hint: "write one, or leave the key out")
      } else {
        check(entry.value, key.value, entry.name, version)
      }
    }
    for key in shape.keys where key.need.holds(in: version) { demand(key, in: node, shape.what) }
    for key in variant?.keys ?? [] where key.need.holds(in: version) { demand(key, in: node, variant?.what ?? "") }
    shape.rule?(&self, node, version)
  }

  private mutating func unknown(
    _ entry: YAMLEntry, _ shape: ODCSShape, _ variant: ODCSShape?, _ version: ODCSVersion
  ) {
    tell(
      entry.key, asError: shape.isClosed(in: version), "unknown key \"\(entry.name)\" in \(shape.what)",
      hint: suggestion(
        for: entry.name, among: shape.keys.map(\.name) + (variant?.keys.map(\.name) ?? []), list: "the keys"),
      check: .unknownKey)
  }

  private mutating func demand(_ key: ODCSShape.Key, in node: YAMLNode, _ what: String) {
    guard let value = node.value(key.name) else {
      // A legal value may be null or an empty text.
      if case .any = key.value, node[key.name] != nil { return }
      if case .scalar = key.value, node[key.name] != nil { return }
      error(node, "\(what) lacks \"\(key.name)\"", hint: "add \"\(key.name):\"", check: .missingKey)
      return
    }
    if case .text = key.value, value.text?.isEmpty == true { error(value, "\"\(key.name)\" of \(what) is empty") }
  }

  private mutating func tell(
    _ node: YAMLNode, asError: Bool, _ message: String, hint: @autoclosure () -> String?, check: LintCheck? = nil
  ) {
    if asError {
      error(node, message, hint: hint(), check: check)
    } else {
      warn(node, message, hint: hint(), check: check)
    }
  }

  private mutating func check(_ node: YAMLNode, _ value: ODCSShape.Value, _ key: String, _ version: ODCSVersion) {
    switch value {
    case .any: break
    case .text: _ = standardText(node, key)
    case .formed(let form):
      guard let text = standardText(node, key), !form.isLegal(text, version) else { return }
      error(node, "\"\(key)\" is \(node.shown), not \(form.what)", hint: form.hint)
    case .boolean: _ = boolean(node, key)
    case .integer: _ = integer(node, key)
    case .count, .position:
      let least = if case .count = value { 0 } else { 1 }
      guard let number = integer(node, key), number < least else { return }
      error(node, "\"\(key)\" is \(number)", hint: "count from \(least)")
    case .number, .factor:
      guard let number = node.number else {
        error(node, "\"\(key)\" is \(node.shown), not a number", hint: "write digits, unquoted")
        return
      }
      if case .factor = value, number <= 0 {
        error(node, "\"\(key)\" is \(node.shown)", hint: "write a number above 0")
      }
    case .scalar:
      if node.text == nil { error(node, "\"\(key)\" is \(node.kind), not one value") }
    case .stableID: stableID(node, version)
    case .mapping:
      if node.entries == nil { error(node, "\"\(key)\" is \(node.kind), not a mapping", hint: "write keys and values") }
    case .word(let words):
      guard let text = text(node, "\"\(key)\"") else { return }
      if !words.contains(text) {
        error(
          node, "unknown \(key) \"\(text)\"", hint: suggestion(for: text, among: words, list: "one of"))
      }
    case .list(let item, let least, let most, let isSet):
      check(node, listOf: item, atLeast: least, atMost: most, isSet: isSet, key, version)
    case .object(let shape): check(node, shape(), version)
    case .either(let simple, let other):
      let takesFirst =
        if case .list = simple { node.items != nil } else { node.text != nil }
      check(node, takesFirst ? simple : other, key, version)
    case .changed(let limit, let before, let after): check(node, version < limit ? before : after, key, version)
    }
  }

  private mutating func check(
    _ node: YAMLNode, listOf item: ODCSShape.Value, atLeast: Int, atMost: Int, isSet: Bool, _ key: String,
    _ version: ODCSVersion
  ) {
    guard let items = node.items else {
      error(node, "\"\(key)\" is \(node.kind), not a list", hint: "write [one, two] or \"- \" lines")
      return
    }
    if items.count < atLeast { error(node, "\"\(key)\" has \(items.count) items, it needs \(atLeast)") }
    if items.count > atMost { error(node, "\"\(key)\" has \(items.count) items, it takes \(atMost)") }
    let shape: ODCSShape? = if case .object(let shape) = item { shape() } else { nil }
    var ids: Set<ColumnName> = []
    var names: Set<ColumnName> = []
    for node in items {
      check(node, item, "an item of \(key)", version)
      if let shape {
        let what = shape.noun
        if let id = node.value("id"), let text = id.text, !ids.insert(ColumnName(text)).inserted {
          error(id, "a second \(what) with the id \"\(text)\"", hint: "an id names one thing for good")
        }
        guard let natural = shape.naturalKey, let name = node.value(natural), let text = name.text else { continue }
        if !names.insert(ColumnName(name.spelling)).inserted {
          error(name, "a second \(what) \"\(visible(text))\"", hint: "keep one of the two")
        }
      } else if isSet, let text = node.text, !names.insert(ColumnName(node.spelling)).inserted {
        error(node, "\"\(visible(text))\" is there twice in \"\(key)\"", hint: "keep one of the two")
      }
    }
  }

  private mutating func stableID(_ node: YAMLNode, _ version: ODCSVersion) {
    guard let id = standardText(node, "id") else { return }
    if isLegalID(id, in: version) { return }
    error(
      node, "the id \"\(id)\" holds a character that ids cannot have",
      hint: version < .v320
        ? "letters, digits, _ and - only" : "leave out blanks and . # / \\ @ ! % & ^")
  }

  /// A value that the standard wants to be a text: unquoted, a number, true, false or null is none, and what only some
  /// readers take for something else is worth a word.
  private mutating func standardText(_ node: YAMLNode, _ key: String) -> String? {
    guard let text = text(node, "\"\(key)\"") else { return nil }
    guard case .scalar(_, .plain) = node.content, isReadDifferently(text) else { return text }
    if isReadByAll(text) {
      error(node, "\"\(key)\" is \(text), which is no text to any reader", hint: "put it in quotes")
    } else {
      warn(node, "other readers take \(text) for something else than a text", hint: "put it in quotes")
    }
    return text
  }
}

extension YAMLNode {
  /// A key's value; a key without a value counts as missing.
  func value(_ key: String) -> YAMLNode? { self[key].flatMap { $0.isEmpty ? nil : $0 } }

  /// The value as it is told from others: `1` is another one than `"1"`.
  fileprivate var spelling: String {
    guard case .scalar(let text, let style) = content else { return "" }
    return (style == .plain && isReadDifferently(text) ? "=" : "'") + text
  }
}

/// The pattern of the standard's ids; before v3.2.0 it was narrower.
func isLegalID(_ id: String, in version: ODCSVersion) -> Bool {
  if id.isEmpty { return false }
  let isPlain = id.utf8.allSatisfy {
    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2D
  }
  return isPlain
    || version >= .v320
      && id.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && !".#/\\@!%&^".unicodeScalars.contains($0) }
}
