import FoundationEssentials
import JSON

/// A request as the router sees it.
package struct APIRequest: Sendable {
  package var method: String
  /// Percent-encoded, without the query.
  package var path: String
  package var query: [String: String]
  /// By lower-case name.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(
    method: String, path: String, query: [String: String] = [:], headers: [String: String] = [:],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The body as an object; nil where it is none.
  var object: JSONValue? {
    guard let value = try? JSONValue.parse(body), value.members != nil else { return nil }
    return value
  }

  /// The parts of the path after `/v1`, under the present names of resources; nil for paths elsewhere.
  var resource: [String]? {
    var parts = segments(of: path)
    guard parts.first == "v1" else { return nil }
    parts.removeFirst()
    // The resource was called connector until 2025; old clients still say so.
    if parts.first == "connectors" { parts[0] = "connections" }
    if parts.first == "groups", parts.count == 3, parts[2] == "connectors" { parts[2] = "connections" }
    return parts
  }
}

package struct APIResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: String
  /// A webhook call whose success decides what becomes of the request.
  package var trial: WebhookTrial?
  package var fault: Fault.Kind?
}

/// The parts of a path, each decoded; what is badly encoded stays as it is.
func segments(of path: String) -> [String] {
  path.split(separator: "/", omittingEmptySubsequences: true).map { decoded(Array($0.utf8)) }
}

private func decoded(_ part: [UInt8]) -> String {
  func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) }
  var bytes: [UInt8] = []
  var index = 0
  while index < part.count {
    if part[index] == UInt8(ascii: "%"), index + 2 < part.count, let high = digit(part[index + 1]),
      let low = digit(part[index + 2])
    {
      bytes.append(high << 4 | low)
      index += 3
    } else {
      bytes.append(part[index])
      index += 1
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

func success(_ data: JSONValue? = nil, message: String? = nil, status: Int = 200) -> APIResponse {
  var members = [JSONMember("code", "Success")]
  if let message { members.append(JSONMember("message", .string(message))) }
  if let data { members.append(JSONMember("data", data)) }
  return APIResponse(
    status: status, headers: [("Content-Type", "application/json")],
    body: JSONValue.object(members).text)
}

func failure(_ status: Int, _ code: String, _ message: String) -> APIResponse {
  APIResponse(
    status: status, headers: [("Content-Type", "application/json")],
    body: (["code": .string(code), "message": .string(message)] as JSONValue).text)
}

func invalid(_ message: String) -> APIResponse { failure(400, "InvalidInput", message) }

let noSuchPath = failure(404, "NotFound", "no such path")
let notAllowed = failure(405, "MethodNotAllowed", "not available on this path")
let noObject = invalid("the body is not a JSON object")

/// A request's part of a list.
struct Page {
  var range: Range<Int>
  /// Nil on the last page.
  var next: String?

  /// Nil where limit or cursor are none.
  init?(of count: Int, _ request: APIRequest) {
    let limit = request.query["limit"].map { Int($0) ?? 0 } ?? 100
    guard (1...1_000).contains(limit) else { return nil }
    var start = 0
    if let text = request.query["cursor"], !text.isEmpty {
      guard let skip = Self.skip(of: text), skip >= 0 else { return nil }
      start = min(skip, count)
    }
    range = start..<min(count, start + limit)
    next = range.upperBound < count ? Self.cursor(skipping: range.upperBound) : nil
  }

  /// Opaque to clients: base64url without padding, as real ones are.
  static func cursor(skipping count: Int) -> String {
    let text = Data(#"{"skip":\#(count)}"#.utf8).base64EncodedString()
    return text.filter { $0 != "=" }
  }

  private static func skip(of cursor: String) -> Int? {
    let padded = cursor + String(repeating: "=", count: (4 - cursor.utf8.count % 4) % 4)
    return Data(base64Encoded: padded).flatMap { try? JSONValue.parse(Array($0)) }?["skip"]?.int
  }
}

/// One page of a list. The last page has no `next_cursor`.
func page(_ items: [JSONValue], _ request: APIRequest) -> APIResponse {
  guard let page = Page(of: items.count, request) else {
    return invalid("limit must be between 1 and 1000, and the cursor one of ours")
  }
  var members = [JSONMember("items", .array(Array(items[page.range])))]
  if let next = page.next { members.append(JSONMember("next_cursor", .string(next))) }
  return success(.object(members))
}
