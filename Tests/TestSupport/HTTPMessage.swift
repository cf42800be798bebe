/// One request as a test's server reads it.
package struct HTTPMessage: Hashable, Sendable {
  package var method: String
  /// With the query.
  package var target: String
  /// Names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  package var path: String { String(target.prefix { $0 != "?" }) }
  package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

  /// Reads the next request; nil at the end of the connection. `rest` keeps what was read ahead.
  init?(from stream: ByteStream, rest: inout [UInt8]) {
    guard let head = Self.line(endingWith: "\r\n\r\n", stream, &rest) else { return nil }
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count == 3 else { return nil }
    method = String(words[0])
    target = String(words[1])
    headers = [:]
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2 { headers[pair[0].lowercased()] = String(pair[1].trimmingPrefix(" ")) }
    }
    body = []
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      while true {
        guard let size = Self.line(endingWith: "\r\n", stream, &rest).flatMap({ Int($0, radix: 16) }),
          let chunk = Self.bytes(size + 2, stream, &rest)
        else { return nil }
        if size == 0 { break }
        body += chunk.dropLast(2)
      }
    } else if let size = headers["content-length"].flatMap({ Int($0) }) {
      guard let bytes = Self.bytes(size, stream, &rest) else { return nil }
      body = bytes
    }
  }

  private static func line(endingWith end: String, _ stream: ByteStream, _ rest: inout [UInt8]) -> String? {
    let end = Array(end.utf8)
    while true {
      if let range = rest.firstRange(of: end) {
        defer { rest.removeFirst(range.upperBound) }
        return String(decoding: rest[..<range.lowerBound], as: UTF8.self)
      }
      guard let bytes = stream.read() else { return nil }
      rest += bytes
    }
  }

  private static func bytes(_ count: Int, _ stream: ByteStream, _ rest: inout [UInt8]) -> [UInt8]? {
    while rest.count < count {
      guard let bytes = stream.read() else { return nil }
      rest += bytes
    }
    defer { rest.removeFirst(count) }
    return Array(rest[..<count])
  }
}
