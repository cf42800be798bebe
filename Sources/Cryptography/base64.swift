/// Base64 in the alphabet that URLs and tokens carry (RFC 4648, section 5), without padding.
package func base64URL(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count * 4 + 2) / 3)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let part = bytes[start..<min(start + 3, bytes.count)]
    let word = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
    for position in 0...part.count { text.append(alphabet[word >> (18 - 6 * position) & 63]) }
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes that unpadded base64 in the URL alphabet spells; nil for anything else, bits left over included.
package func bytes(base64URL text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var word = 0
  var bits = 0
  for character in text.utf8 {
    let value: UInt8
    switch character {
    case 0x41...0x5A: value = character - 0x41
    case 0x61...0x7A: value = character - 0x61 + 26
    case 0x30...0x39: value = character - 0x30 + 52
    case 0x2D: value = 62
    case 0x5F: value = 63
    default: return nil
    }
    word = word << 6 | Int(value)
    bits += 6
    if bits >= 8 {
      bits -= 8
      bytes.append(UInt8(word >> bits & 0xFF))
      word &= (1 << bits) - 1
    }
  }
  return bits < 6 && word == 0 ? bytes : nil
}
