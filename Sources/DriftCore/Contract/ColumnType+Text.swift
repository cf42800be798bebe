/// How our own files spell a type, so that they can be read without a dialect: PostgreSQL's words, each type in one way.
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
    case .timestamp(zoned: false): "timestamp"
    case .timestamp(zoned: true): "timestamptz"
    case .text(length: nil): "text"
    case .text(let length?): "varchar(\(length))"
    case .uuid: "uuid"
    case .json: "json"
    case .xml: "xml"
    case .binary: "binary"
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
      self = Self.withArguments(text) ?? .unrecognized(text)
    }
  }

  private static func withArguments(_ text: String) -> ColumnType? {
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
    let inner = text[text.index(after: open)...].dropLast()
    let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.map(plainInteger)
    switch (text[..<open], numbers.count, numbers.first ?? nil) {
    case ("integer", 1, let bits?) where ![16, 32, 64].contains(bits): return .integer(bits: bits)
    case ("float", 1, let bits?) where ![32, 64].contains(bits): return .float(bits: bits)
    case ("varchar", 1, let length?): return .text(length: length)
    case ("numeric", 1, let precision?): return .decimal(precision: precision, scale: nil)
    case ("numeric", 2, let precision):
      guard precision != nil || parts[0] == "*", let scale = numbers[1] else { return nil }
      return .decimal(precision: precision, scale: scale)
    default: return nil
    }
  }
}

/// Stands before a spelling that would otherwise be read as a type.
private let unrecognizedPrefix = "unrecognized "

private let namedTypes: [String: ColumnType] = [
  "boolean": .boolean, "smallint": .integer(bits: 16), "integer": .integer(bits: 32),
  "bigint": .integer(bits: 64), "numeric": .decimal(precision: nil, scale: nil),
  "real": .float(bits: 32), "double precision": .float(bits: 64), "date": .date, "time": .time,
  "timestamp": .timestamp(zoned: false), "timestamptz": .timestamp(zoned: true),
  "text": .text(length: nil), "uuid": .uuid, "json": .json, "xml": .xml, "binary": .binary,
]
