/// How our own files spell a type, so that they can be read without a dialect: PostgreSQL's words, each type in one way.
/// Types inside a type stand in parentheses: `array(text)`, `map(text,bigint)`, `struct(a text,b bigint)`.
extension ColumnType {
  package var text: String {
    switch self {
    case .boolean: "boolean"
    case .integer(bits: 16): "smallint"
    case .integer(bits: 32): "integer"
    case .integer(bits: 64): "bigint"
    case .integer(let bits): "integer(\(bits))"
    case .decimal(precision: nil, scale: nil): "numeric"
    case .decimal(let precision?, scale: nil): "numeric(\(precision))"
    case .decimal(let precision, let scale?):
      "numeric(\(precision.map(String.init) ?? "*"),\(scale))"
    case .float(bits: 32): "real"
    case .float(bits: 64): "double precision"
    case .float(let bits): "float(\(bits))"
    case .date: "date"
    case .time: "time"
    case .timestamp(let zoned, let digits): (zoned ? "timestamptz" : "timestamp") + bound(digits)
    case .text(length: nil): "text"
    case .text(let length?): "varchar(\(length))"
    case .character(length: nil): "bpchar"
    case .character(let length?): "character(\(length))"
    case .uuid: "uuid"
    case .json: "json"
    case .xml: "xml"
    case .binary(let length): "binary" + bound(length)
    case .vector(let dimensions): "vector(\(dimensions))"
    case .array(let element): "array(\(element.text))"
    case .map(let key, let value): "map(\(key.text),\(value.text))"
    case .structure(let fields):
      "struct(" + fields.map { "\($0.name.text) \($0.type.text)" }.joined(separator: ",") + ")"
    case .unrecognized(let spelling):
      ColumnType(text: spelling) == self ? spelling : unrecognizedPrefix + spelling
    }
  }

  /// Reads what `text` writes. Anything else is kept as unrecognized.
  package init(text: String) {
    if let type = namedTypes[text] {
      self = type
    } else if text.hasPrefix(unrecognizedPrefix) {
      self = .unrecognized(String(text.dropFirst(unrecognizedPrefix.count)))
    } else {
      self = Self.withArguments(text, depth: 0) ?? .unrecognized(text)
    }
  }

  private static func withArguments(_ text: String, depth: Int) -> ColumnType? {
    guard depth <= 32, text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
    let parts = topLevelParts(text[text.index(after: open)...].dropLast())
    let numbers = parts.map(plainInteger)
    func inner(_ text: String) -> ColumnType? {
      namedTypes[text] ?? withArguments(text, depth: depth + 1)
    }
    switch (text[..<open], numbers.count, numbers.first ?? nil) {
    case ("integer", 1, let bits?) where ![16, 32, 64].contains(bits): return .integer(bits: bits)
    case ("float", 1, let bits?) where ![32, 64].contains(bits): return .float(bits: bits)
    case ("varchar", 1, let length?): return .text(length: length)
    case ("character", 1, let length?): return .character(length: length)
    case ("binary", 1, let length?): return .binary(length: length)
    case ("timestamp", 1, let digits?): return .timestamp(zoned: false, digits: digits)
    case ("timestamptz", 1, let digits?): return .timestamp(zoned: true, digits: digits)
    case ("vector", 1, let dimensions?): return .vector(dimensions: dimensions)
    case ("array", 1, _): return inner(parts[0]).map { .array($0) }
    case ("map", 2, _):
      guard let key = inner(parts[0]), let value = inner(parts[1]) else { return nil }
      return .map(key: key, value: value)
    case ("struct", _, _):
      var fields: [StructureField] = []
      for part in parts {
        guard let space = part.firstIndex(of: " "), let type = inner(String(part[part.index(after: space)...]))
        else { return nil }
        fields.append(StructureField(ColumnName(String(part[..<space])), type))
      }
      return .structure(fields)
    case ("numeric", 1, let precision?): return .decimal(precision: precision, scale: nil)
    case ("numeric", 2, let precision):
      guard precision != nil || parts[0] == "*", let scale = numbers[1] else { return nil }
      return .decimal(precision: precision, scale: scale)
    default: return nil
    }
  }
}

private func bound(_ number: Int?) -> String { number.map { "(\($0))" } ?? "" }

/// Cut at commas that no parenthesis holds.
private func topLevelParts(_ text: Substring) -> [String] {
  var parts = [""]
  var depth = 0
  for character in text {
    if character == "(" { depth += 1 }
    if character == ")" { depth -= 1 }
    if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
  }
  return parts
}

/// Stands before a spelling that would otherwise be read as a type.
private let unrecognizedPrefix = "unrecognized "

private let namedTypes: [String: ColumnType] = [
  "boolean": .boolean, "smallint": .integer(bits: 16), "integer": .integer(bits: 32),
  "bigint": .integer(bits: 64), "numeric": .decimal(precision: nil, scale: nil),
  "real": .float(bits: 32), "double precision": .float(bits: 64), "date": .date, "time": .time,
  "timestamp": .timestamp(zoned: false), "timestamptz": .timestamp(zoned: true),
  "text": .text(length: nil), "bpchar": .character(length: nil), "uuid": .uuid, "json": .json, "xml": .xml,
  "binary": .binary(length: nil),
]
