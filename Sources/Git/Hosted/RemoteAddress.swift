/// Where a repository is: a folder of this machine, or a git host that speaks HTTPS or SSH.
package enum RemoteAddress: Hashable, Sendable {
  /// A path, absolute or not.
  case folder(String)
  case https(String)
  case ssh(String)

  /// Reads a path, `file:///path`, `https://host/path`, `ssh://user@host/path` or `user@host:path`.
  ///
  /// `http://` is taken for a loopback host alone: anywhere else the token would travel in clear text.
  package init(_ text: String) throws(GitError) {
    guard let end = text.firstRange(of: "://") else {
      self = try Self.scpOrFolder(text)
      return
    }
    let rest = text[end.upperBound...]
    switch text[..<end.lowerBound].lowercased() {
    case "file":
      guard rest.hasPrefix("/"), !rest.contains("%") else {
        throw refusal(text, "a file address is file:// and an absolute path", "write the path alone")
      }
      self = .folder(String(rest))
    case "https":
      try Self.checkWeb(text, rest)
      self = .https("https://\(rest)")
    case "http":
      try Self.checkWeb(text, rest)
      guard ["127.0.0.1", "localhost", "[::1]"].contains(host(of: rest)) else {
        throw refusal(text, "http would send the token in clear text", "use https or ssh")
      }
      self = .https("http://\(rest)")
    case "ssh":
      try Self.checkShell(text, rest)
      self = .ssh("ssh://\(rest)")
    case let scheme:
      throw refusal(text, "\"\(scheme)\" is not spoken here", "use https, ssh or a path")
    }
  }

  /// The address as it may be shown.
  package var text: String {
    switch self {
    case .folder(let text), .https(let text), .ssh(let text): text
    }
  }

  private static func scpOrFolder(_ text: String) throws(GitError) -> RemoteAddress {
    let first = text.prefix { $0 != "/" }
    guard let colon = first.firstIndex(of: ":"), let at = first.firstIndex(of: "@") else { return .folder(text) }
    if at > colon {
      throw refusal(text, "it holds a password", "leave it out: ssh signs in with a key, see --ssh-key")
    }
    let path = text[text.index(after: colon)...]
    try checkShell(text, "\(text[..<colon])/\(path)")
    if path.hasPrefix("-") { throw refusal(text, "its path begins with \"-\"", "write ssh://user@host/path") }
    return .ssh(text)
  }

  private static func checkWeb(_ text: String, _ rest: Substring) throws(GitError) {
    if authority(of: rest).contains("@") {
      throw refusal(
        text, "it holds a user or a password",
        "leave out what stands before \"@\" and give the token in MOORING_GIT_TOKEN")
    }
    if rest.contains("?") || rest.contains("#") {
      throw refusal(text, "it has a query or a fragment", "write https://host/path alone")
    }
    try checkParts(text, rest)
  }

  private static func checkShell(_ text: String, _ rest: some StringProtocol) throws(GitError) {
    let user = authority(of: Substring(rest)).split(separator: "@", omittingEmptySubsequences: false).dropLast()
    if user.count > 1 || user.contains(where: { $0.contains(":") }) {
      throw refusal(text, "it holds a password", "leave it out: ssh signs in with a key, see --ssh-key")
    }
    if let user = user.first, !isPlain(user) || user.isEmpty || user.hasPrefix("-") {
      throw refusal(text, "its user is not plain", "write ssh://user@host/path")
    }
    try checkParts(text, Substring(rest))
  }

  private static func checkParts(_ text: String, _ rest: Substring) throws(GitError) {
    let way = "write https://host/path or ssh://user@host/path"
    let host = host(of: rest)
    if host.isEmpty || host.hasPrefix("-") || host.contains("%") || !isPlain(host) {
      throw refusal(text, "its host is not plain", way)
    }
    let path = rest.drop { $0 != "/" }.dropFirst()
    if path.isEmpty { throw refusal(text, "it has no path", way) }
    if path.hasPrefix("-") || !isPlain(path) { throw refusal(text, "its path is not plain", way) }
    if let port = port(of: rest), UInt16(port).map({ $0 > 0 }) != true {
      throw refusal(text, "\"\(port)\" is no port", way)
    }
  }

  /// No character that a shell, a quoted text or a line would take for something else.
  private static func isPlain(_ part: some StringProtocol) -> Bool {
    part.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/._-~+%:[]@,=".utf8.contains(byte)
      }
    }
  }
}

private func authority(of rest: Substring) -> Substring { rest.prefix { $0 != "/" } }

/// The host without user and port; an IPv6 address with its brackets.
private func host(of rest: Substring) -> Substring {
  let name = authority(of: rest).split(separator: "@", omittingEmptySubsequences: false).last ?? ""
  if name.hasPrefix("["), let end = name.firstIndex(of: "]") { return name[...end] }
  return name.prefix { $0 != ":" }
}

private func port(of rest: Substring) -> Substring? {
  let name = authority(of: rest).split(separator: "@", omittingEmptySubsequences: false).last ?? ""
  let after = name.dropFirst(host(of: rest).count)
  return after.isEmpty ? nil : after.dropFirst()
}

/// What stands before an `@` may be a secret, and so may a query: neither is shown.
private func refusal(_ text: String, _ finding: String, _ wayOut: String) -> GitError {
  var shown = String(text.prefix { $0 != "?" && $0 != "#" })
  if let at = shown.lastIndex(of: "@") {
    let start = shown.firstRange(of: "://")?.upperBound ?? shown.startIndex
    if start < at { shown.replaceSubrange(start..<at, with: "<redacted>") }
  }
  let plain = shown.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }
  return GitError(
    .badAddress, "reading the address of the repository",
    at: "\"\(String(String.UnicodeScalarView(plain)))\"", finding, wayOut: wayOut)
}
