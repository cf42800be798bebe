package import DriftCore

/// A proxy that opens connections for others (`CONNECT`): `http://HOST:PORT`, or `http://USER:PASSWORD@HOST:PORT`, where `%40`
/// is an `@`.
package struct ProxyAddress: Sendable {
  /// As it was written: it may hold a password.
  package let text: Secret
  /// A name or an IP address, without brackets.
  package let host: String
  package let port: String
  /// `user:password`; nil where none are shown.
  package let credentials: Secret?

  /// Nil for anything else.
  package init?(_ text: Secret) {
    let prefix = "http://"
    var rest = Substring(text.reveal())
    guard rest.prefix(prefix.count).lowercased() == prefix else { return nil }
    rest = rest.dropFirst(prefix.count)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var credentials: Secret?
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let user = decoded(parts[0]), let password = decoded(parts[1]), !user.isEmpty else {
        return nil
      }
      credentials = Secret("\(user):\(password)")
      rest = rest[rest.index(after: at)...]
    }
    guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else {
      return nil
    }
    var host = rest[..<colon]
    let isAddress = host.hasPrefix("[") && host.hasSuffix("]")
    if isAddress { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, !host.hasPrefix("-"),
      host.utf8.allSatisfy({ isPlain($0) || isAddress && $0 == UInt8(ascii: ":") })
    else { return nil }
    self.text = text
    self.host = String(host)
    self.port = String(port)
    self.credentials = credentials
  }
}

private func isPlain(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: ".-_".utf8.contains(byte)
  }
}

/// With its `%XX` read; nil where one is cut, or a control character comes of it.
private func decoded(_ text: Substring) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
    guard digits.utf8.count == 2, digits.first?.isHexDigit == true, let value = UInt8(digits, radix: 16) else {
      return nil
    }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}
