/// Quoting, folding and bounds of names.
struct Lexicon: Sendable {
  enum Folding: Sendable { case lower, upper, none }
  enum Unit: String, Sendable { case bytes, characters }

  /// `"` or a backtick.
  let nameQuote: Character
  /// Whether a quote inside a quoted name is written twice. Where not, no name may hold one.
  var doublesNameQuotes = true
  /// Likewise for a literal.
  var doublesLiteralQuotes = true
  /// ASCII characters that the engine takes in no name, quoted or not.
  var refusedInNames: Set<Character> = []
  /// What begins a comment.
  let commentMarks: [String]
  /// What an unquoted name becomes.
  let folding: Folding
  /// Whether names of columns that differ in nothing but case are one name, quoted or not.
  var ignoresCase = false
  let nameLimit: Int
  let nameUnit: Unit
  /// Names that the engine keeps for itself, lower case.
  let systemColumns: Set<String>
  /// Names that begin so are the engine's as well, lower case.
  var systemPrefixes: [String] = []
}

/// Why a name cannot be used.
package enum NameRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  /// The scalar that would be read as something else, or not be seen at all.
  case unsafeCharacter(UInt32, in: String)
  case tooLong(String, limit: Int, unit: String)

  package var description: String {
    switch self {
    case .empty: "a name is empty"
    case .unsafeCharacter(let scalar, let name):
      "the name \"\(visible(name))\" holds \(hexadecimal(Unicode.Scalar(scalar) ?? " ")), which no name may hold here"
    case .tooLong(let name, let limit, let unit):
      "the name \"\(visible(name))\" is longer than \(limit) \(unit)"
    }
  }
}

extension Dialect {
  /// A name, quoted for a statement.
  package func quote(_ name: String) throws(NameRefusal) -> String {
    if name.isEmpty { throw .empty }
    if let scalar = name.unicodeScalars.first(where: { isUnsafe($0) || lexicon.refuses($0) }) {
      throw .unsafeCharacter(scalar.value, in: name)
    }
    if let refusal = lengthRefusal(ColumnName(name)) { throw refusal }
    var quoted = String(lexicon.nameQuote)
    for scalar in name.unicodeScalars {
      quoted.unicodeScalars.append(scalar)
      if Character(scalar) == lexicon.nameQuote { quoted.append(lexicon.nameQuote) }
    }
    quoted.append(lexicon.nameQuote)
    return quoted
  }

  /// Nil where the warehouse has names of this length.
  func lengthRefusal(_ name: ColumnName) -> NameRefusal? {
    let text = name.text
    let length = lexicon.nameUnit == .bytes ? text.utf8.count : text.unicodeScalars.count
    return length > lexicon.nameLimit ? .tooLong(text, limit: lexicon.nameLimit, unit: lexicon.nameUnit.rawValue) : nil
  }

  package func quote(_ column: ColumnName) throws(NameRefusal) -> String { try quote(column.text) }

  /// Schema and name, each quoted.
  package func quote(_ table: TableName) throws(NameRefusal) -> String {
    let schema = try quote(table.schema)
    return try schema + "." + quote(table.name)
  }

  /// Whether Mooring may give a column this name: plain enough for every warehouse, in the case that it folds to, and
  /// neither the engine's nor the loader's own.
  package func canAdd(_ name: ColumnName) -> Bool {
    isPlain(name.text, folding: lexicon.folding) && !isReserved(name)
  }

  /// A plain name of lower case as the catalogue has it once it was written without quotes; any other stays as it is.
  package func folded(_ name: String) -> String {
    switch lexicon.folding {
    case .upper: isPlain(name, folding: .lower) ? name.uppercased() : name
    case .lower, .none: name
    }
  }

  /// Whether the warehouse takes both for the name of one column.
  package func isOneName(_ left: ColumnName, _ right: ColumnName) -> Bool {
    left == right || (lexicon.ignoresCase && ColumnName(left.text.lowercased()) == ColumnName(right.text.lowercased()))
  }

  /// Whether no statement may make a column of one name beside the other: the warehouse takes both for one, or nobody can
  /// tell them apart. Swift compares texts by canonical equivalence, which is meant here.
  package func clashes(_ left: ColumnName, with right: ColumnName) -> Bool {
    left.text == right.text || (lexicon.ignoresCase && left.likeness == right.likeness)
  }

  /// The engine's or the loader's own columns, which no statement may touch.
  func isReserved(_ name: ColumnName) -> Bool {
    let text = name.text.lowercased()
    return lexicon.systemColumns.contains(text) || isSystemColumn(name.text)
      || lexicon.systemPrefixes.contains { text.hasPrefix($0) }
  }

  /// A string literal. Text with a backslash is refused, since warehouses disagree on what it means.
  func literal(_ text: String) throws(DraftRefusal) -> String {
    let isRefused = text.unicodeScalars.contains {
      isUnsafe($0) || $0 == "\\" || ($0 == "'" && !lexicon.doublesLiteralQuotes)
    }
    if isRefused { throw .literal(text) }
    var quoted = "'"
    for scalar in text.unicodeScalars {
      quoted.unicodeScalars.append(scalar)
      if scalar == "'" { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }
}

/// Control characters, line and paragraph separators, and marks that turn the direction of text.
func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case ..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// `U+0007`
func hexadecimal(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// Letters of one case, digits and underscores, at most 63 bytes, no digit first.
private func isPlain(_ name: String, folding: Lexicon.Folding) -> Bool {
  let bytes = Array(name.utf8)
  func isLetter(_ byte: UInt8) -> Bool {
    switch folding {
    case .upper: (0x41...0x5A).contains(byte)
    case .lower, .none: (0x61...0x7A).contains(byte)
    }
  }
  guard let first = bytes.first, bytes.count <= 63, first == 0x5F || isLetter(first) else {
    return false
  }
  return bytes.allSatisfy { $0 == 0x5F || isLetter($0) || (0x30...0x39).contains($0) }
}

extension Lexicon {
  fileprivate func refuses(_ scalar: Unicode.Scalar) -> Bool {
    refusedInNames.contains(Character(scalar))
  }
}
