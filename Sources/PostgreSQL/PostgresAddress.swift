package import DriftCore

/// Where a database is and who asks: `postgres://user:password@host:port/database?sslmode=verify-full`.
///
/// A Unix socket is a host that is a folder: `postgres://user@/database?host=/var/run/postgresql`. User, password and
/// database are percent-encoded. Nothing is taken from the environment or from files in the home folder.
package struct PostgresAddress: Sendable, CustomStringConvertible {
  package var host: String
  package var port: Int
  package var user: String
  package var password: Secret?
  package var database: String
  /// libpq's `sslmode`, `sslrootcert`, `sslcert`, `sslkey` and `channel_binding`, where the address names them.
  package var encryption: [String: String]

  package init(
    host: String, port: Int = 5432, user: String, password: Secret? = nil, database: String,
    encryption: [String: String] = [:]
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.password = password
    self.database = database
    self.encryption = encryption
  }

  package init(_ text: String) throws(PostgresError) {
    var rest: Substring
    if text.hasPrefix("postgres://") {
      rest = text.dropFirst("postgres://".count)
    } else if text.hasPrefix("postgresql://") {
      rest = text.dropFirst("postgresql://".count)
    } else {
      throw problem("does not begin with postgres://")
    }
    if rest.contains("#") { throw problem("holds a \"#\"; write it as %23") }

    var query: [String: String] = [:]
    if let mark = rest.firstIndex(of: "?") {
      query = try parameters(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    var path: Substring = ""
    if let slash = rest.firstIndex(of: "/") {
      path = rest[rest.index(after: slash)...]
      rest = rest[..<slash]
    }
    var place = rest
    if let at = rest.lastIndex(of: "@") {
      place = rest[rest.index(after: at)...]
      let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if query["user"] == nil { query["user"] = try decoded(login[0], of: "user") }
      if login.count == 2, query["password"] == nil {
        query["password"] = try decoded(login[1], of: "password")
      }
    }
    let (host, port) = try hostAndPort(place)
    self.host = query.removeValue(forKey: "host") ?? host
    let portText = query.removeValue(forKey: "port") ?? port
    guard let number = portText.isEmpty ? 5432 : Int(portText), (1...65_535).contains(number) else {
      throw problem("has a port that is not a number from 1 to 65535")
    }
    self.port = number
    guard let user = query.removeValue(forKey: "user"), !user.isEmpty else {
      throw problem("names no user")
    }
    self.user = user
    password = query.removeValue(forKey: "password").flatMap { $0.isEmpty ? nil : Secret($0) }
    let named = try decoded(path, of: "database")
    let database = query.removeValue(forKey: "dbname") ?? named
    self.database = database.isEmpty ? user : database
    if self.host.isEmpty { throw problem("names no host") }
    if self.host.contains(",") { throw problem("names several hosts") }
    try check(encryption: query)
    encryption = query
  }

  /// The address without its password.
  package var description: String {
    let login = encoded(user)
    let name = encoded(database)
    if host.hasPrefix("/") {
      return "postgres://\(login)@/\(name)?host=\(encoded(host))&port=\(port)"
    }
    let place = host.contains(":") ? "[\(host)]" : encoded(host)
    return "postgres://\(login)@\(place):\(port)/\(name)"
  }
}

private let modes: Set<String> = [
  "disable", "allow", "prefer", "require", "verify-ca", "verify-full",
]

private func check(encryption: [String: String]) throws(PostgresError) {
  for (key, value) in encryption.sorted(by: { $0.key < $1.key }) {
    switch key {
    case "sslmode":
      guard modes.contains(value) else {
        throw problem("has an sslmode other than \(modes.sorted().joined(separator: ", "))")
      }
    case "channel_binding":
      guard ["disable", "prefer", "require"].contains(value) else {
        throw problem("has a channel_binding other than disable, prefer, require")
      }
    case "sslrootcert", "sslcert", "sslkey":
      if value.isEmpty { throw problem("has an empty \(key)") }
    default:
      throw problem(
        "has a parameter that is not one of channel_binding, dbname, host, password, port, sslcert, sslkey, "
          + "sslmode, sslrootcert, user")
    }
  }
}

private func parameters(_ text: Substring) throws(PostgresError) -> [String: String] {
  var values: [String: String] = [:]
  for pair in text.split(separator: "&") {
    guard let equals = pair.firstIndex(of: "=") else {
      throw problem("has a parameter without a value")
    }
    let key = try decoded(pair[..<equals], of: "parameter")
    let value = try decoded(pair[pair.index(after: equals)...], of: "parameter")
    guard values.updateValue(value, forKey: key) == nil else {
      throw problem("has a parameter twice")
    }
  }
  return values
}

private func hostAndPort(_ text: Substring) throws(PostgresError) -> (String, String) {
  if text.hasPrefix("[") {
    guard let end = text.firstIndex(of: "]") else { throw problem("has a \"[\" without its \"]\"") }
    let host = String(text[text.index(after: text.startIndex)..<end])
    let tail = text[text.index(after: end)...]
    guard tail.isEmpty || tail.hasPrefix(":") else { throw problem("has text after \"]\"") }
    return (host, String(tail.dropFirst()))
  }
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count <= 2 else { throw problem("has a \":\" too many; write an IPv6 host as [::1]") }
  return (try decoded(parts[0], of: "host"), parts.count == 2 ? String(parts[1]) : "")
}

/// Says what is wrong without showing any of it: a mistyped address may have its password anywhere.
private func problem(_ text: String) -> PostgresError {
  PostgresError(
    .address, "the PostgreSQL address \(text)",
    hint: "write postgres://user:password@host:port/database, special characters as %xx")
}

private func decoded(_ text: Substring, of part: String) throws(PostgresError) -> String {
  var bytes: [UInt8] = []
  var rest = text.utf8[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(hexadecimal),
      let low = rest.popFirst().flatMap(hexadecimal)
    else { throw problem("has a \"%\" in its \(part) that two hexadecimal digits do not follow") }
    bytes.append(high << 4 | low)
  }
  guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
    throw problem("has a \(part) that is not UTF-8 text")
  }
  return decoded
}

private func hexadecimal(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

private func encoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF")
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      result.append(Character(Unicode.Scalar(byte)))
    default:
      result.append("%")
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
  }
  return result
}
