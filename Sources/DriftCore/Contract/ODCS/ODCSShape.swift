/// What one kind of object in a contract may hold: the standard as data.
///
/// Source: the JSON Schemas of ODCS v3.0.0, v3.0.1, v3.0.2, v3.1.0 (2026-05-05) and v3.2.0.
struct ODCSShape: Sendable {
  /// For messages: "a column".
  let what: String
  let keys: [Key]
  /// Before this version the standard lets such an object have any other key; nil where it does to this day.
  let closedSince: ODCSVersion?
  /// The keys that the object has beside these, by what else stands in it.
  let variant: (@Sendable (YAMLNode, ODCSVersion) -> ODCSShape?)?
  /// What no list of keys can say.
  let rule: (@Sendable (inout YAMLDecoder, YAMLNode, ODCSVersion) -> Void)?
  private let index: [String: Int]

  init(
    _ what: String, closedSince: ODCSVersion? = .v310, _ keys: [Key],
    variant: (@Sendable (YAMLNode, ODCSVersion) -> ODCSShape?)? = nil,
    rule: (@Sendable (inout YAMLDecoder, YAMLNode, ODCSVersion) -> Void)? = nil
  ) {
    self.what = what
    self.keys = keys
    self.closedSince = closedSince
    self.variant = variant
    self.rule = rule
    index = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.name, $0) })
  }

  /// Where a key stands in a file that Mooring writes; what no list has comes last. What belongs to a variant stands
  /// before what any object may carry.
  func position(of key: String, variant: ODCSShape?) -> Int {
    let carried = keys.firstIndex { ["roles", "tags", "dimension"].contains($0.name) } ?? keys.count
    if let own = index[key] { return variant == nil || own < carried ? own : own + 100 }
    return variant?.index[key].map { carried + $0 } ?? Int.max
  }

  /// Whether a key that is not listed makes the object something else than the standard's.
  func isClosed(in version: ODCSVersion) -> Bool { closedSince.map { version >= $0 } ?? false }

  subscript(key: String) -> Key? { index[key].map { keys[$0] } }

  struct Key: Sendable {
    let name: String
    let value: Value
    let since: ODCSVersion
    let need: Need

    init(_ name: String, _ value: Value, since: ODCSVersion = .v300, _ need: Need = .optional) {
      self.name = name
      self.value = value
      self.since = since
      self.need = need
    }
  }

  enum Need: Sendable {
    case optional, required
    case requiredBefore(ODCSVersion)
    case requiredSince(ODCSVersion)

    func holds(in version: ODCSVersion) -> Bool {
      switch self {
      case .optional: false
      case .required: true
      case .requiredBefore(let limit): version < limit
      case .requiredSince(let limit): version >= limit
      }
    }
  }

  indirect enum Value: Sendable {
    case text, boolean, integer, number, stableID
    /// Anything but a collection.
    case scalar
    case any
    /// A mapping of whatever keys.
    case mapping
    case word([String])
    case list(Value, atLeast: Int = 0)
    case object(@Sendable () -> ODCSShape)
    /// The first for a scalar (or a list, where the second is an object), else the second.
    case either(Value, Value)
    case changed(in: ODCSVersion, from: Value, to: Value)

    /// What a node with this value, or each item of it, is to look like; nil where it is no object of the standard.
    func shape(of node: YAMLNode) -> ODCSShape? {
      switch self {
      case .object(let shape): shape()
      case .list(let item, _): item.shape(of: node)
      case .either(let first, let second):
        first.shape(of: node).flatMap { node.items == nil ? nil : $0 } ?? second.shape(of: node)
      case .text, .boolean, .integer, .number, .stableID, .scalar, .any, .mapping, .word, .changed: nil
      }
    }
  }
}

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
      if !entry.value.isEmpty { check(entry.value, key.value, entry.name, version) }
    }
    for key in shape.keys where key.need.holds(in: version) { demand(key, in: node, shape.what) }
    for key in variant?.keys ?? [] where key.need.holds(in: version) { demand(key, in: node, variant?.what ?? "") }
    shape.rule?(&self, node, version)
  }

  private mutating func unknown(
    _ entry: YAMLEntry, _ shape: ODCSShape, _ variant: ODCSShape?, _ version: ODCSVersion
  ) {
    let known = shape.keys.map(\.name) + (variant?.keys.map(\.name) ?? [])
    tell(
      entry.key, asError: shape.isClosed(in: version), "unknown key \"\(entry.name)\" in \(shape.what)",
      hint: suggestion(for: entry.name, among: known, list: "the keys"), check: .unknownKey)
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
    _ node: YAMLNode, asError: Bool, _ message: String, hint: String?, check: LintCheck? = nil
  ) {
    if asError { error(node, message, hint: hint, check: check) } else { warn(node, message, hint: hint, check: check) }
  }

  private mutating func check(_ node: YAMLNode, _ value: ODCSShape.Value, _ key: String, _ version: ODCSVersion) {
    switch value {
    case .any: break
    case .text:
      guard text(node, "\"\(key)\"") != nil else { return }
      warnWhereReadersDiffer(node)
    case .boolean: _ = boolean(node, key)
    case .integer: _ = integer(node, key)
    case .number:
      if node.number == nil { error(node, "\"\(key)\" is \(node.shown), not a number", hint: "write digits, unquoted") }
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
    case .list(let item, let least): check(node, listOf: item, atLeast: least, key, version)
    case .object(let shape): check(node, shape(), version)
    case .either(let simple, let other):
      let takesFirst =
        if case .list = simple { node.items != nil } else { node.text != nil }
      check(node, takesFirst ? simple : other, key, version)
    case .changed(let limit, let before, let after): check(node, version < limit ? before : after, key, version)
    }
  }

  private mutating func check(
    _ node: YAMLNode, listOf item: ODCSShape.Value, atLeast: Int, _ key: String, _ version: ODCSVersion
  ) {
    guard let items = node.items else {
      error(node, "\"\(key)\" is \(node.kind), not a list", hint: "write [one, two] or \"- \" lines")
      return
    }
    if items.count < atLeast { error(node, "\"\(key)\" has \(items.count) items, it needs \(atLeast)") }
    var ids: Set<ColumnName> = []
    for node in items {
      check(node, item, "an item of \(key)", version)
      guard case .object(let shape) = item, let id = node.value("id"), let text = id.text else { continue }
      if !ids.insert(ColumnName(text)).inserted {
        let what = shape().what.replacing("a ", with: "", maxReplacements: 1)
        error(id, "a second \(what) with the id \"\(text)\"", hint: "an id names one thing for good")
      }
    }
  }

  /// The pattern of the standard's ids; before v3.2.0 it was narrower.
  private mutating func stableID(_ node: YAMLNode, _ version: ODCSVersion) {
    guard let id = text(node, "\"id\"") else { return }
    warnWhereReadersDiffer(node)
    let isLegal = isPlainID(id) || (version >= .v320 && isID(id))
    if isLegal, !id.isEmpty { return }
    error(
      node, "the id \"\(id)\" holds a character that ids cannot have",
      hint: version < .v320
        ? "letters, digits, _ and - only" : "leave out blanks and . # / \\ @ ! % & ^")
  }

  private func isPlainID(_ id: String) -> Bool {
    id.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2D
    }
  }

  private func isID(_ id: String) -> Bool {
    id.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && !".#/\\@!%&^".unicodeScalars.contains($0) }
  }

  mutating func warnWhereReadersDiffer(_ node: YAMLNode) {
    guard case .scalar(let text, .plain) = node.content, isReadDifferently(text) else { return }
    warn(
      node, "other readers take \(text) for something else than a text", hint: "put it in quotes")
  }
}

extension YAMLNode {
  /// A key's value; a key without a value counts as missing.
  func value(_ key: String) -> YAMLNode? { self[key].flatMap { $0.isEmpty ? nil : $0 } }
}
