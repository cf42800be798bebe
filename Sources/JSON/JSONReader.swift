/// A strict pull reader over one JSON document (RFC 8259), for answers too large to be held as values.
///
/// The caller asks for what it expects, in the order of the document; every value is read or skipped exactly once, and
/// skipped values are checked like read ones. Refused beyond the grammar: a byte order mark, invalid UTF-8, lone
/// surrogates, U+0000 in strings (no warehouse can store it in a name), one key twice in an object however it is
/// spelled, bytes after the document, and what exceeds the limits.
package struct JSONReader {
  package let bytes: [UInt8]
  private let limits: JSONLimits
  private var position = 0
  private var open: [Container] = []
  private var keys = KeyRegister()

  package init(_ bytes: [UInt8], limits: JSONLimits = .standard) {
    self.bytes = bytes
    self.limits = limits
  }

  /// The offset of the next byte that is not white space.
  package var offset: Int {
    mutating get {
      skipSpace()
      return position
    }
  }

  /// Returns what the next value is, by its first byte, without consuming it.
  package mutating func peek() throws(JSONError) -> JSONKind {
    skipSpace()
    switch byte() {
    case 0x7B: return .object
    case 0x5B: return .array
    case 0x22: return .string
    case 0x74, 0x66: return .bool
    case 0x6E: return .null
    case 0x2D?, (0x30...0x39)?: return .number
    case 0xEF where position == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]):
      throw problem("a byte order mark is not allowed")
    case nil: throw problem("the document ends where a value should be")
    default: throw problem("no value begins with this byte")
    }
  }

  // MARK: Containers

  package mutating func beginObject() throws(JSONError) {
    try expect(.object)
    try push(Container(isObject: true, firstKey: keys.mark))
  }

  /// Moves to the next key of the innermost object; nil ends the object.
  ///
  /// The value of the previous key must have been read or skipped.
  package mutating func nextKey() throws(JSONError) -> JSONText? {
    precondition(open.last?.isObject == true, "nextKey() outside of an object")
    guard try advance(closing: 0x7D) else { return nil }
    guard byte() == 0x22 else { throw problem("a key in quotes should be here") }
    let start = position
    let key = try scanString()
    guard keys.insert(key, of: bytes, since: open[open.count - 1].firstKey) else {
      throw JSONError(offset: start, problem: "this key appears twice in its object")
    }
    skipSpace()
    guard byte() == 0x3A else { throw problem("a colon should follow the key") }
    position += 1
    return key
  }

  package mutating func beginArray() throws(JSONError) {
    try expect(.array)
    try push(Container(isObject: false, firstKey: keys.mark))
  }

  /// Moves to the next element of the innermost array; false ends the array.
  ///
  /// The previous element must have been read or skipped.
  package mutating func nextElement() throws(JSONError) -> Bool {
    precondition(open.last?.isObject == false, "nextElement() outside of an array")
    return try advance(closing: 0x5D)
  }

  /// Refuses whatever follows the document but white space.
  package mutating func end() throws(JSONError) {
    precondition(open.isEmpty, "end() inside of an object or array")
    skipSpace()
    guard position == bytes.count else { throw problem("the document is over, but bytes follow") }
  }

  // MARK: Values

  package mutating func string() throws(JSONError) -> String {
    try expect(.string)
    return string(of: try scanString())
  }

  /// As `string()`, without making one.
  package mutating func text() throws(JSONError) -> JSONText {
    try expect(.string)
    return try scanString()
  }

  package mutating func bool() throws(JSONError) -> Bool {
    try expect(.bool)
    let isTrue = byte() == 0x74
    try consume(isTrue ? "true" : "false")
    return isTrue
  }

  /// Consumes a null if it comes next; otherwise consumes nothing and returns false.
  package mutating func takeNull() throws(JSONError) -> Bool {
    guard try peek() == .null else { return false }
    try consume("null")
    return true
  }

  /// A number without fraction or exponent that fits `Int`.
  package mutating func integer() throws(JSONError) -> Int {
    try expect(.number)
    let start = position
    let range = try scanNumber()
    guard let value = Int(String(decoding: bytes[range], as: UTF8.self)) else {
      throw JSONError(offset: start, problem: "a whole number of at most 64 bits should be here")
    }
    return value
  }

  /// A number as it is spelled.
  package mutating func number() throws(JSONError) -> String {
    try expect(.number)
    return String(decoding: bytes[try scanNumber()], as: UTF8.self)
  }

  /// Checks the next value and passes over it; returns its bytes' range, so that equal values can be told unparsed.
  package mutating func skip() throws(JSONError) -> Range<Int> {
    let kind = try peek()
    let start = position
    switch kind {
    case .object:
      try beginObject()
      while try nextKey() != nil { _ = try skip() }
    case .array:
      try beginArray()
      while try nextElement() { _ = try skip() }
    case .string: _ = try scanString()
    case .number: _ = try scanNumber()
    case .bool: _ = try bool()
    case .null: try consume("null")
    }
    return start..<position
  }

  /// Passes over the next value where it is, byte for byte, an object or array that another reader has checked at the same
  /// depth; nil where it is not, and nothing is consumed then.
  package mutating func skip(sameAs known: Range<Int>, of other: [UInt8]) -> Range<Int>? {
    skipSpace()
    let end = position + known.count
    guard known.count >= 2, end <= bytes.count, byte() == 0x7B || byte() == 0x5B,
      areSame(position..<end, known, of: other)
    else { return nil }
    let range = position..<end
    position = end
    return range
  }

  private func areSame(_ range: Range<Int>, _ known: Range<Int>, of other: [UInt8]) -> Bool {
    let left = bytes.span.bytes
    let right = other.span.bytes
    var offset = 0
    while offset + 8 <= range.count {
      let a = left.unsafeLoadUnaligned(fromByteOffset: range.lowerBound + offset, as: UInt64.self)
      let b = right.unsafeLoadUnaligned(fromByteOffset: known.lowerBound + offset, as: UInt64.self)
      if a != b { return false }
      offset += 8
    }
    while offset < range.count {
      if bytes[range.lowerBound + offset] != other[known.lowerBound + offset] { return false }
      offset += 1
    }
    return true
  }

  // MARK: Texts

  /// The text with its escapes resolved.
  package func string(of text: JSONText) -> String {
    text.hasEscapes
      ? String(decoding: unescaped(text, of: bytes), as: UTF8.self)
      : String(decoding: bytes[text.range], as: UTF8.self)
  }

  /// Whether the text, its escapes resolved, is `literal` byte for byte.
  package func matches(_ text: JSONText, _ literal: StaticString) -> Bool {
    if text.hasEscapes {
      let other = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
      return unescaped(text, of: bytes).elementsEqual(other)
    }
    return text.range.count == literal.utf8CodeUnitCount && isSame(text.range, literal)
  }

  // MARK: Bytes

  private func byte() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  /// `range` and `literal` have the same length.
  private func isSame(_ range: Range<Int>, _ literal: StaticString) -> Bool {
    for offset in 0..<range.count
    where bytes[range.lowerBound + offset] != literal.utf8Start[offset] {
      return false
    }
    return true
  }

  private func problem(_ words: String) -> JSONError { JSONError(offset: position, problem: words) }

  private mutating func expect(_ kind: JSONKind) throws(JSONError) {
    guard try peek() == kind else { throw problem("\(kind.words) should be here") }
  }

  private mutating func push(_ container: Container) throws(JSONError) {
    guard open.count < limits.depth else {
      throw problem("objects and arrays are nested more than \(limits.depth) deep")
    }
    position += 1
    open.append(container)
  }

  /// Moves over a comma or into the first member; false when the container closes instead.
  private mutating func advance(closing: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    let last = open.count - 1
    if byte() == closing {
      position += 1
      keys.forget(downTo: open[last].firstKey)
      open.removeLast()
      return false
    }
    guard open[last].isStarted else {
      open[last].isStarted = true
      return true
    }
    guard byte() == 0x2C else {
      throw problem(
        byte() == nil
          ? "the document ends inside of an object or array"
          : "a comma or the end of the object or array should be here")
    }
    position += 1
    skipSpace()
    if byte() == closing { throw problem("a comma is not allowed before the end") }
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  private mutating func consume(_ literal: StaticString) throws(JSONError) {
    let end = position + literal.utf8CodeUnitCount
    guard end <= bytes.count, isSame(position..<end, literal) else {
      throw problem("\(literal) should be here")
    }
    position = end
  }

  private mutating func scanNumber() throws(JSONError) -> Range<Int> {
    let start = position
    if byte() == 0x2D { position += 1 }
    if byte() == 0x30 {
      position += 1
      if let next = byte(), isDigit(next) { throw problem("a number must not begin with 0") }
    } else {
      try scanDigits()
    }
    if byte() == 0x2E {
      position += 1
      try scanDigits()
    }
    if byte() == 0x65 || byte() == 0x45 {
      position += 1
      if byte() == 0x2B || byte() == 0x2D { position += 1 }
      try scanDigits()
    }
    return start..<position
  }

  private mutating func scanDigits() throws(JSONError) {
    let start = position
    while let next = byte(), isDigit(next) { position += 1 }
    if start == position { throw problem("a digit should be here") }
  }

  /// Reads the string that begins here, and checks it.
  private mutating func scanString() throws(JSONError) -> JSONText {
    let text = try checkedString(position)
    position = text.range.upperBound + 1
    return text
  }

  private func checkedString(_ quote: Int) throws(JSONError) -> JSONText {
    let span = bytes.span
    let start = quote + 1
    var at = start
    var hasEscapes = false
    while true {
      while at + 8 <= span.count {
        let plain = plainBytes(span.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += plain
        if plain < 8 { break }
      }
      guard at < span.count else {
        throw JSONError(offset: span.count, problem: "the document ends inside of a string")
      }
      let byte = span[at]
      switch byte {
      case 0x22:
        guard at - start <= limits.stringSize else {
          throw problem("a string is longer than \(limits.stringSize) bytes")
        }
        return JSONText(range: start..<at, hasEscapes: hasEscapes)
      case 0x5C:
        hasEscapes = true
        at = try scanEscape(at)
      case ..<0x20:
        throw JSONError(offset: at, problem: "a control character in a string must be escaped")
      case 0x80...:
        guard let length = utf8Length(span, at) else {
          throw JSONError(offset: at, problem: "a string is not valid UTF-8")
        }
        at += length
      default: at += 1
      }
    }
  }

  /// Checks the escape that begins at `start`; returns where it ends. A pair of surrogates is one escape.
  private func scanEscape(_ start: Int) throws(JSONError) -> Int {
    guard start + 1 < bytes.count else {
      throw JSONError(offset: bytes.count, problem: "the document ends inside of a string")
    }
    switch bytes[start + 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 2
    case 0x75:
      switch hexUnit(of: bytes, at: start + 2) {
      case nil: throw JSONError(offset: start, problem: "\\u needs four hexadecimal digits")
      case 0: throw JSONError(offset: start, problem: "U+0000 is not allowed in a string")
      case (0xD800..<0xDC00)?:
        guard start + 7 < bytes.count, bytes[start + 6] == 0x5C, bytes[start + 7] == 0x75,
          let low = hexUnit(of: bytes, at: start + 8), (0xDC00..<0xE000).contains(low)
        else { throw JSONError(offset: start, problem: "half of a surrogate pair is missing") }
        return start + 12
      case (0xDC00..<0xE000)?:
        throw JSONError(offset: start, problem: "half of a surrogate pair is missing")
      default: return start + 6
      }
    default: throw JSONError(offset: start, problem: "no escape is spelled like this")
    }
  }
}

package enum JSONKind: Hashable, Sendable {
  case null, bool, number, string, array, object

  /// With its article, for messages.
  package var words: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A string or key where it stands in the document, without its quotes.
package struct JSONText: Hashable, Sendable {
  package var range: Range<Int>
  package var hasEscapes: Bool
}

/// An object or array that has begun and not ended.
private struct Container {
  var isObject: Bool
  var firstKey: KeyRegister.Mark
  var isStarted = false
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// How many of eight bytes come before the first quote, backslash, control character or byte beyond ASCII.
private func plainBytes(_ loaded: UInt64) -> Int {
  let word = UInt64(littleEndian: loaded)
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quote = word ^ (ones &* 0x22)
  let slash = word ^ (ones &* 0x5C)
  // A byte's high bit ends up set where subtracting borrows: below 0x20, or zero after the exclusive or. A borrow
  // may also mark bytes after the first, which is the only one that counts.
  let found = (word &- ones &* 0x20) | (quote &- ones) | (slash &- ones) | word
  return (found & (ones &* 0x80)).trailingZeroBitCount / 8
}

/// The length of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7); nil where it is not one.
private func utf8Length(_ span: Span<UInt8>, _ at: Int) -> Int? {
  let first = span[at]
  let length: Int
  var second: ClosedRange<UInt8> = 0x80...0xBF
  switch first {
  case 0xC2...0xDF: length = 2
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xE1...0xEF: length = 3
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  case 0xF1...0xF3: length = 4
  default: return nil
  }
  guard at + length <= span.count, second.contains(span[at + 1]) else { return nil }
  for offset in 2..<max(2, length) where span[at + offset] & 0xC0 != 0x80 { return nil }
  return length
}
