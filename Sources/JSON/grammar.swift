/// The grammar (RFC 8259), checked where it stands: each function takes the place where something begins, white space
/// before it passed, and returns what is there or where it ends.

@inline(__always)
func kind(of bytes: Span<UInt8>, _ at: Int) throws(JSONError) -> JSONKind {
  guard at < bytes.count else {
    throw JSONError(offset: at, problem: "the document ends where a value should be")
  }
  switch bytes[at] {
  case 0x7B: return .object
  case 0x5B: return .array
  case 0x22: return .string
  case 0x74, 0x66: return .bool
  case 0x6E: return .null
  case 0x2D, 0x30...0x39: return .number
  case 0xEF where at == 0 && bytes.count >= 3 && bytes[1] == 0xBB && bytes[2] == 0xBF:
    throw JSONError(offset: at, problem: "a byte order mark is not allowed")
  default: throw JSONError(offset: at, problem: "no value begins with this byte")
  }
}

@inline(__always)
func spaceEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
  var at = start
  while at < bytes.count {
    let byte = bytes[unchecked: at]
    guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
    at += 1
  }
  return at
}

/// The next member of an object or element of an array, from the place where the one before it ended.
enum NextMember {
  case begins(at: Int)
  /// The container ended before this place.
  case over(Int)
}

@inline(__always)
func nextMember(
  _ bytes: Span<UInt8>, _ start: Int, isFirst: Bool, closing: UInt8
) throws(JSONError) -> NextMember {
  var at = spaceEnd(bytes, start)
  guard at < bytes.count else {
    if isFirst { return .begins(at: at) }
    throw JSONError(offset: at, problem: "the document ends inside of an object or array")
  }
  if bytes[unchecked: at] == closing { return .over(at + 1) }
  if isFirst { return .begins(at: at) }
  guard bytes[unchecked: at] == 0x2C else {
    throw JSONError(
      offset: at, problem: "a comma or the end of the object or array should be here")
  }
  at = spaceEnd(bytes, at + 1)
  if at < bytes.count, bytes[unchecked: at] == closing {
    throw JSONError(offset: at, problem: "a comma is not allowed before the end")
  }
  return .begins(at: at)
}

/// Returns where the value begins whose key, with its colon, begins at `start`.
@inline(__always)
func keyEnd(
  _ bytes: Span<UInt8>, _ start: Int, limits: JSONLimits, keys: inout KeyRegister,
  since mark: KeyRegister.Mark
) throws(JSONError) -> (key: JSONText, value: Int) {
  guard start < bytes.count, bytes[unchecked: start] == 0x22 else {
    throw JSONError(offset: start, problem: "a key in quotes should be here")
  }
  let key = try text(in: bytes, start, limits)
  guard keys.insert(key, of: bytes, since: mark) else {
    throw JSONError(offset: start, problem: "this key appears twice in its object")
  }
  let colon = spaceEnd(bytes, key.range.upperBound + 1)
  guard colon < bytes.count, bytes[unchecked: colon] == 0x3A else {
    throw JSONError(offset: colon, problem: "a colon should follow the key")
  }
  return (key, colon + 1)
}

@inline(__always)
func literalEnd(
  _ bytes: Span<UInt8>, _ start: Int, _ literal: StaticString
) throws(JSONError) -> Int {
  let end = start + literal.utf8CodeUnitCount
  guard end <= bytes.count, isSame(bytes, start..<end, literal) else {
    throw JSONError(offset: start, problem: "\(literal) should be here")
  }
  return end
}

/// `range` and `literal` have the same length.
@inline(__always)
func isSame(_ bytes: Span<UInt8>, _ range: Range<Int>, _ literal: StaticString) -> Bool {
  for offset in 0..<range.count
  where bytes[unchecked: range.lowerBound + offset] != literal.utf8Start[offset] {
    return false
  }
  return true
}

func numberEnd(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
  func byte(_ at: Int) -> UInt8? { at < bytes.count ? bytes[at] : nil }
  func digitsEnd(_ start: Int) throws(JSONError) -> Int {
    var at = start
    while let next = byte(at), isDigit(next) { at += 1 }
    if start == at { throw JSONError(offset: at, problem: "a digit should be here") }
    return at
  }
  var at = start
  if byte(at) == 0x2D { at += 1 }
  if byte(at) == 0x30 {
    at += 1
    if let next = byte(at), isDigit(next) {
      throw JSONError(offset: at, problem: "a number must not begin with 0")
    }
  } else {
    at = try digitsEnd(at)
  }
  if byte(at) == 0x2E { at = try digitsEnd(at + 1) }
  if byte(at) == 0x65 || byte(at) == 0x45 {
    at += 1
    if byte(at) == 0x2B || byte(at) == 0x2D { at += 1 }
    at = try digitsEnd(at)
  }
  return at
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// The string whose first quote stands at `quote`.
func text(in bytes: Span<UInt8>, _ quote: Int, _ limits: JSONLimits) throws(JSONError) -> JSONText {
  let start = quote + 1
  var at = start
  var hasEscapes = false
  while true {
    while at + 8 <= bytes.count {
      let plain = plainBytes(bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += plain
      if plain < 8 { break }
    }
    guard at < bytes.count else {
      throw JSONError(offset: bytes.count, problem: "the document ends inside of a string")
    }
    let byte = bytes[unchecked: at]
    switch byte {
    case 0x22:
      guard at - start <= limits.stringSize else {
        throw JSONError(
          offset: quote, problem: "a string is longer than \(limits.stringSize) bytes")
      }
      return JSONText(range: start..<at, hasEscapes: hasEscapes)
    case 0x5C:
      hasEscapes = true
      at = try escapeEnd(bytes, at)
    case ..<0x20:
      throw JSONError(offset: at, problem: "a control character in a string must be escaped")
    case 0x80...:
      guard let length = utf8Length(bytes, at) else {
        throw JSONError(offset: at, problem: "a string is not valid UTF-8")
      }
      at += length
    default: at += 1
    }
  }
}

/// A pair of surrogates is one escape.
private func escapeEnd(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
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
private func utf8Length(_ bytes: Span<UInt8>, _ at: Int) -> Int? {
  let first = bytes[at]
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
  guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { return nil }
  for offset in 2..<max(2, length) where bytes[at + offset] & 0xC0 != 0x80 { return nil }
  return length
}

/// Checks the value at `start`, and all that it holds, without the bookkeeping of a reader that may stop anywhere.
func valueEnd(
  _ bytes: Span<UInt8>, _ start: Int, depth: Int, limits: JSONLimits, keys: inout KeyRegister
) throws(JSONError) -> Int {
  switch try kind(of: bytes, start) {
  case .string: return try text(in: bytes, start, limits).range.upperBound + 1
  case .number: return try numberEnd(bytes, start)
  case .bool: return try literalEnd(bytes, start, bytes[start] == 0x74 ? "true" : "false")
  case .null: return try literalEnd(bytes, start, "null")
  case .object:
    try limits.checkDepth(depth, at: start)
    let mark = keys.mark
    var (at, isFirst) = (start + 1, true)
    while true {
      switch try nextMember(bytes, at, isFirst: isFirst, closing: 0x7D) {
      case .over(let end):
        keys.forget(downTo: mark)
        return end
      case .begins(let key):
        let value = try keyEnd(bytes, key, limits: limits, keys: &keys, since: mark).value
        at = try valueEnd(
          bytes, spaceEnd(bytes, value), depth: depth + 1, limits: limits, keys: &keys)
        isFirst = false
      }
    }
  case .array:
    try limits.checkDepth(depth, at: start)
    var (at, isFirst) = (start + 1, true)
    while true {
      switch try nextMember(bytes, at, isFirst: isFirst, closing: 0x5D) {
      case .over(let end): return end
      case .begins(let element):
        at = try valueEnd(bytes, element, depth: depth + 1, limits: limits, keys: &keys)
        isFirst = false
      }
    }
  }
}

/// Whether two ranges of one length hold the same bytes.
func areSame(
  _ left: Span<UInt8>, _ leftRange: Range<Int>, _ right: Span<UInt8>, _ rightRange: Range<Int>
) -> Bool {
  guard leftRange.count == rightRange.count else { return false }
  let (left, right) = (left.bytes, right.bytes)
  let (first, second) = (leftRange.lowerBound, rightRange.lowerBound)
  var offset = 0
  while offset + 8 <= leftRange.count {
    let a = left.unsafeLoadUnaligned(fromByteOffset: first + offset, as: UInt64.self)
    let b = right.unsafeLoadUnaligned(fromByteOffset: second + offset, as: UInt64.self)
    if a != b { return false }
    offset += 8
  }
  while offset < leftRange.count {
    if left.unsafeLoad(fromByteOffset: first + offset, as: UInt8.self)
      != right.unsafeLoad(fromByteOffset: second + offset, as: UInt8.self)
    {
      return false
    }
    offset += 1
  }
  return true
}
