/// The bytes of a checked text with its escapes resolved.
func unescaped(_ text: JSONText, of bytes: Span<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(text.range.count)
  var at = text.range.lowerBound
  while at < text.range.upperBound {
    guard bytes[at] == 0x5C else {
      result.append(bytes[at])
      at += 1
      continue
    }
    at += 2
    switch bytes[at - 1] {
    case 0x62: result.append(0x08)
    case 0x66: result.append(0x0C)
    case 0x6E: result.append(0x0A)
    case 0x72: result.append(0x0D)
    case 0x74: result.append(0x09)
    case 0x75:
      var scalar = hexUnit(of: bytes, at: at) ?? 0
      at += 4
      if (0xD800..<0xDC00).contains(scalar) {
        let low = hexUnit(of: bytes, at: at + 2) ?? 0
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        at += 6
      }
      result += Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    case let byte: result.append(byte)
    }
  }
  return result
}

/// The value of four hexadecimal digits; nil where they are not four.
func hexUnit(of bytes: Span<UInt8>, at start: Int) -> UInt32? {
  guard start + 4 <= bytes.count else { return nil }
  var value: UInt32 = 0
  for at in start..<start + 4 {
    let byte = bytes[at]
    let digit: UInt8
    switch byte {
    case 0x30...0x39: digit = byte - 0x30
    case 0x41...0x46: digit = byte - 0x41 + 10
    case 0x61...0x66: digit = byte - 0x61 + 10
    default: return nil
    }
    value = value << 4 | UInt32(digit)
  }
  return value
}
