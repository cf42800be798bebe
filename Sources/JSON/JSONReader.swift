/// A strict pull reader over one JSON document (RFC 8259), for answers too large to be held as values.
///
/// The caller asks for what it expects, in the order of the document; every value is read or skipped exactly once, and
/// skipped values are checked like read ones. Refused beyond the grammar: a byte order mark, invalid UTF-8, lone
/// surrogates, U+0000 in strings (no warehouse can store it in a name), one key twice in an object however it is
/// spelled, bytes after the document, and what exceeds the limits.
package struct JSONReader {
  package let bytes: JSONBytes
  /// Of `bytes`, which keep it.
  private let buffer: UnsafeBufferPointer<UInt8>
  private let limits: JSONLimits
  /// The offset of the next byte.
  package private(set) var position = 0
  private var open: [Container] = []
  private var keys = KeyRegister()

  package init(_ bytes: JSONBytes, limits: JSONLimits = .standard) {
    self.bytes = bytes
    buffer = bytes.buffer
    self.limits = limits
  }

  package init(_ bytes: [UInt8], limits: JSONLimits = .standard) { self.init(JSONBytes(bytes), limits: limits) }

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
    return try kind(of: buffer.span, position)
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
    let (key, value) = try keyEnd(
      buffer.span, position, limits: limits, keys: &keys, since: open[open.count - 1].firstKey)
    position = value
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
    return string(of: try takeText())
  }

  /// As `string()`, without making one.
  package mutating func text() throws(JSONError) -> JSONText {
    try expect(.string)
    return try takeText()
  }

  package mutating func bool() throws(JSONError) -> Bool {
    try expect(.bool)
    let isTrue = bytes[position] == 0x74
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
    guard let value = Int(try takeNumber()) else {
      throw JSONError(offset: start, problem: "a whole number of at most 64 bits should be here")
    }
    return value
  }

  /// A number as it is spelled.
  package mutating func number() throws(JSONError) -> String {
    try expect(.number)
    return try takeNumber()
  }

  /// Checks the next value and passes over it; returns its bytes' range, so that equal values can be told unparsed.
  package mutating func skip() throws(JSONError) -> Range<Int> {
    let start = offset
    position = try valueEnd(buffer.span, start, depth: open.count, limits: limits, keys: &keys)
    return start..<position
  }

  /// As `skip()`, for one of many objects that have the same keys in the same places.
  ///
  /// - Parameter form: that of the objects before, in this document and at this depth.
  package mutating func skip(like form: inout ObjectForm) throws(JSONError) -> Range<Int> {
    let start = offset
    if let end = form.end(start, in: buffer.span, limits) {
      position = end
      return start..<end
    }
    let range = try skip()
    form.become(range, in: buffer.span, limits)
    return range
  }

  /// Passes over the next value where it is, byte for byte, an object or array that another reader has checked at the same
  /// depth; nil where it is not, and nothing is consumed then.
  package mutating func skip(sameAs known: Range<Int>, of other: JSONBytes) -> Range<Int>? {
    skipSpace()
    let end = position + known.count
    guard known.count >= 2, end <= bytes.count, bytes[position] == 0x7B || bytes[position] == 0x5B,
      bytes.areSame(position..<end, as: other, known)
    else { return nil }
    let range = position..<end
    position = end
    return range
  }

  // MARK: Texts

  /// The text with its escapes resolved.
  package func string(of text: JSONText) -> String {
    text.hasEscapes
      ? String(decoding: unescaped(text, of: buffer.span), as: UTF8.self)
      : bytes.text(text.range)
  }

  /// Whether the text, its escapes resolved, is `literal` byte for byte.
  package func matches(_ text: JSONText, _ literal: StaticString) -> Bool {
    if text.hasEscapes {
      let other = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
      return unescaped(text, of: buffer.span).elementsEqual(other)
    }
    return text.range.count == literal.utf8CodeUnitCount && isSame(buffer.span, text.range, literal)
  }

  // MARK: Bytes

  private func problem(_ words: String) -> JSONError { JSONError(offset: position, problem: words) }

  private mutating func skipSpace() { position = spaceEnd(buffer.span, position) }

  private mutating func expect(_ kind: JSONKind) throws(JSONError) {
    guard try peek() == kind else { throw problem("\(kind.words) should be here") }
  }

  private mutating func push(_ container: Container) throws(JSONError) {
    try limits.checkDepth(open.count, at: position)
    position += 1
    open.append(container)
  }

  /// Moves over a comma or into the first member; false when the container closes instead.
  private mutating func advance(closing: UInt8) throws(JSONError) -> Bool {
    let last = open.count - 1
    switch try nextMember(buffer.span, position, isFirst: !open[last].isStarted, closing: closing) {
    case .begins(let at):
      position = at
      open[last].isStarted = true
      return true
    case .over(let end):
      position = end
      keys.forget(downTo: open[last].firstKey)
      open.removeLast()
      return false
    }
  }

  private mutating func consume(_ literal: StaticString) throws(JSONError) {
    position = try literalEnd(buffer.span, position, literal)
  }

  private mutating func takeNumber() throws(JSONError) -> String {
    let start = position
    position = try numberEnd(buffer.span, start)
    return bytes.text(start..<position)
  }

  private mutating func takeText() throws(JSONError) -> JSONText {
    let text = try JSON.text(in: buffer.span, position, limits)
    position = text.range.upperBound + 1
    return text
  }
}

/// An object or array that has begun and not ended.
private struct Container {
  var isObject: Bool
  var firstKey: KeyRegister.Mark
  var isStarted = false
}
