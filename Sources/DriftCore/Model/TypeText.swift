/// A spelled type taken apart: `timestamp(6) with time zone` is the words `timestamp with time zone` and one number,
/// `array<struct<a: int>>` the word `array` and one type with a field of its own.
struct TypeText: Hashable {
  enum Argument: Hashable {
    case number(Int)
    /// The name of a field; nil for an element, a key or a value.
    case type(name: String?, TypeText)
  }

  /// Lower case, one space between words.
  var base: String
  /// What opened the arguments: `(` or `<`; nil where there are none.
  var opening: UInt8?
  var arguments: [Argument]
  /// Words follow the arguments.
  var hasTail: Bool
  /// How many pairs of square brackets stand behind it.
  var dimensions: Int

  /// The arguments in parentheses where all of them are numbers, at most two; nil for any others.
  var parameters: [Int]? {
    if opening == UInt8(ascii: "<") || dimensions > 0 || arguments.count > 2 { return nil }
    var numbers: [Int] = []
    for argument in arguments {
      guard case .number(let number) = argument else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// Base and numbers of a type whose numbers, if any, come last.
  var simple: (base: String, parameters: [Int])? {
    guard !hasTail, let parameters else { return nil }
    return (base, parameters)
  }

  /// Nil for anything but ASCII words, whole numbers and types in brackets, at most 16 deep.
  init?(_ spelled: String) {
    guard spelled.utf8.count <= 1 << 16 else { return nil }
    var reader = TypeTextReader(bytes: Array(spelled.utf8))
    guard let type = reader.type(depth: 0), reader.isAtEnd else { return nil }
    self = type
  }

  fileprivate init(
    base: String, opening: UInt8?, arguments: [Argument], hasTail: Bool, dimensions: Int
  ) {
    self.base = base
    self.opening = opening
    self.arguments = arguments
    self.hasTail = hasTail
    self.dimensions = dimensions
  }
}

/// Reads one type from left to right.
private struct TypeTextReader {
  let bytes: [UInt8]
  var index = 0

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return index == bytes.count
    }
  }

  mutating func type(depth: Int) -> TypeText? {
    guard depth <= 16, var words = words(), !words.isEmpty else { return nil }
    var arguments: [TypeText.Argument] = []
    var opening: UInt8?
    var hasTail = false
    if let open = next(), open == UInt8(ascii: "(") || open == UInt8(ascii: "<") {
      index += 1
      guard let list = list(of: words, after: open, depth: depth) else { return nil }
      arguments = list
      opening = open
      guard let tail = self.words() else { return nil }
      hasTail = !tail.isEmpty
      words += tail
    }
    guard let dimensions = squareBrackets() else { return nil }
    return TypeText(
      base: words.joined(separator: " "), opening: opening, arguments: arguments, hasTail: hasTail,
      dimensions: dimensions)
  }

  private mutating func list(of words: [String], after open: UInt8, depth: Int) -> [TypeText.Argument]? {
    let close = open == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: ">")
    let hasNames = words == ["struct"] || words == ["object"]
    var arguments: [TypeText.Argument] = []
    while true {
      guard let argument = argument(hasName: hasNames, depth: depth) else { return nil }
      arguments.append(argument)
      guard arguments.count <= 10_000, let byte = next() else { return nil }
      index += 1
      if byte == close { return arguments }
      guard byte == UInt8(ascii: ",") else { return nil }
    }
  }

  private mutating func argument(hasName: Bool, depth: Int) -> TypeText.Argument? {
    guard let byte = next() else { return nil }
    if !hasName, (0x30...0x39).contains(byte) { return number().map { .number($0) } }
    var name: String?
    if hasName {
      guard let field = fieldName() else { return nil }
      name = field
      if next() == UInt8(ascii: ":") { index += 1 }
    }
    return type(depth: depth + 1).map { .type(name: name, $0) }
  }

  /// Lower case; nil where a word runs on into something else.
  private mutating func words() -> [String]? {
    var words: [String] = []
    while let byte = next(), isLetter(byte) { words.append(word().lowercased()) }
    return words
  }

  /// As it is spelled, since the case of a field may count.
  private mutating func fieldName() -> String? {
    guard let byte = next() else { return nil }
    if isLetter(byte) { return word() }
    guard byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") else { return nil }
    index += 1
    guard index < bytes.count, isLetter(bytes[index]) else { return nil }
    let name = word()
    guard index < bytes.count, bytes[index] == byte else { return nil }
    index += 1
    return name
  }

  private mutating func word() -> String {
    let start = index
    while index < bytes.count, isLetter(bytes[index]) || (0x30...0x39).contains(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func number() -> Int? {
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    if index < bytes.count, isLetter(bytes[index]) { return nil }
    return Int(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  /// `[]` or `[3]`, as often as it stands there; nil where one does not end.
  private mutating func squareBrackets() -> Int? {
    var count = 0
    while next() == UInt8(ascii: "[") {
      index += 1
      if let byte = next(), (0x30...0x39).contains(byte), number() == nil { return nil }
      guard next() == UInt8(ascii: "]") else { return nil }
      index += 1
      count += 1
    }
    return count
  }

  /// The next byte that is no space.
  private mutating func next() -> UInt8? {
    skipSpace()
    return index < bytes.count ? bytes[index] : nil
  }

  private mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x09, 0x0A].contains(bytes[index]) { index += 1 }
  }
}

private func isLetter(_ byte: UInt8) -> Bool {
  byte == 0x5F || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}
