/// Reads the fields of SSH's binary form (RFC 4251, section 5).
struct SSHReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  /// Whether the bytes came next; then they are behind.
  mutating func skip(_ bytes: [UInt8]) -> Bool {
    guard rest.starts(with: bytes) else { return false }
    rest = rest.dropFirst(bytes.count)
    return true
  }

  mutating func byte() -> UInt8? { rest.popFirst() }

  mutating func number() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Bytes behind their length.
  mutating func string() -> [UInt8]? {
    guard let count = number(), count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

  /// A number that is not negative, big-endian.
  mutating func magnitude() -> [UInt8]? {
    guard let bytes = string(), bytes.first.map({ $0 < 0x80 }) ?? true else { return nil }
    return bytes
  }
}

/// Bytes behind their length, in SSH's binary form.
func sshString(_ bytes: [UInt8]) -> [UInt8] {
  let count = UInt32(bytes.count)
  return [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) } + bytes
}

func sshString(_ text: String) -> [UInt8] { sshString(Array(text.utf8)) }
