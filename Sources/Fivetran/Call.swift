/// One request to Fivetran, before it is given an address and credentials.
struct Call {
  /// What answers of this kind look like; Fivetran refuses other media types.
  enum Version: String {
    case plain = "application/json"
    case two = "application/json;version=2"
  }

  var method = "GET"
  /// Unencoded segments after `/v1`.
  var segments: [String]
  var version = Version.plain
  var query: [(name: String, value: String)] = []
  /// JSON.
  var body: String?
  var timeout = Duration.seconds(60)

  /// Each segment percent-encoded.
  var path: String { (["", "v1"] + segments.map(percentEncoded)).joined(separator: "/") }

  var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
    return "\(path)?\(pairs.joined(separator: "&"))"
  }

  /// For errors.
  var place: String { "\(method) \(plain(path))" }

  /// A segment that no URL can carry: clients and proxies resolve `.` and `..` even when they are encoded.
  var unsendableSegment: String? { segments.first { ["", ".", ".."].contains($0) } }
}

/// Everything but RFC 3986's unreserved characters as `%XX`, by UTF-8 bytes.
func percentEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var result: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
    default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
    }
  }
  return String(decoding: result, as: UTF8.self)
}
