import DriftCore

extension HTTPRequest {
  /// Refuses what must not reach the wire: other schemes, credentials in the URL, and any character that could end
  /// a line, so that nothing put into a URL or a header can add a header or a request of its own.
  package func check() throws(TransportError) {
    guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
      throw TransportError(.badRequest, self)
    }
    for header in headers {
      guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte),
        header.value.revealed.utf8.allSatisfy(isValueByte)
      else { throw TransportError(.badRequest, self) }
    }
    guard let parts = URLParts(url) else { throw TransportError(.badURL, self) }
    guard parts.scheme == "http" || parts.scheme == "https", !parts.hasUser else {
      throw TransportError(.forbiddenURL, self)
    }
    // libcurl removes dot segments, which would send a name such as ".." to another path than the one asked for.
    guard isHost(parts.authority), !parts.hasDotSegment else {
      throw TransportError(.badURL, self)
    }
  }

  /// Method, scheme, host and path: what an error may say.
  package var place: String {
    let verb = method.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? method : "(method)"
    guard let parts = URLParts(url) else { return "\(verb) (unreadable URL)" }
    return "\(verb) \(parts.scheme)://\(parts.authority)\(parts.path)"
  }

  /// Scheme and host alone, for URLs whose path is a secret.
  package var origin: String {
    guard let parts = URLParts(url) else { return "(unreadable URL)" }
    return "\(parts.scheme)://\(parts.authority)"
  }
}

extension HTTPHeader.Value {
  var revealed: String {
    switch self {
    case .plain(let text): text
    case .secret(let secret): secret.reveal()
    }
  }
}

/// A URL taken apart at its delimiters. Visible ASCII only; anything else has to be percent-encoded by the caller.
private struct URLParts {
  var scheme: String
  var hasUser: Bool
  /// Host and port, without a user name.
  var authority: String
  /// Without query and fragment.
  var path: String

  init?(_ url: String) {
    guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }),
      let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")), url[colon...].hasPrefix("://")
    else { return nil }
    scheme = url[..<colon].lowercased()
    let rest = url[url.index(colon, offsetBy: 3)...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    let site = rest[..<end]
    let at = site.lastIndex(of: "@")
    hasUser = at != nil
    authority = String(at.map { site[site.index(after: $0)...] } ?? site)
    path = String(rest[end...].prefix { $0 != "?" && $0 != "#" })
    if scheme.isEmpty || authority.isEmpty { return nil }
  }

  var hasDotSegment: Bool {
    path.split(separator: "/").contains { segment in
      let plain = segment.lowercased().replacing("%2e", with: ".")
      return plain == "." || plain == ".."
    }
  }
}

private func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
  default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}

private func isValueByte(_ byte: UInt8) -> Bool {
  byte == 0x09 || (byte >= 0x20 && byte != 0x7F)
}

private func isHost(_ authority: String) -> Bool {
  authority.utf8.allSatisfy { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: ".-_:[]".utf8.contains(byte)
    }
  }
}
