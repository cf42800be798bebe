import Transport

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
