import Cryptography
import DriftCore
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
}

package struct APIResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: String
  /// What must be loaded before the answer is sent.
  package var syncs: [String] = []
  /// A call that must be taken before the answer stands.
  package var test: Delivery?
  package var fault: Fault.Kind?
}

/// Key and secret that callers must show; nil lets everybody in.
package struct Credentials: Sendable {
  var header: String

  package init(key: String, secret: String) {
    header = "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString()
  }
}

extension Account {
  /// Answers one request. A pure function of the account and the request.
  package mutating func respond(to request: APIRequest, credentials: Credentials?) -> APIResponse {
    if request.path.hasPrefix("/simulator/") { return control(request) }
    requests.append("\(request.method) \(request.path)")
    requestsLeft -= 1
    var answer = answer(request, credentials: credentials)
    answer.headers += [
      ("X-Rate-Limit", "20000"), ("X-Rate-Limit-Remaining", String(max(0, requestsLeft))),
    ]
    return answer
  }

  private mutating func answer(_ request: APIRequest, credentials: Credentials?) -> APIResponse {
    if let fault = takeFault(for: request.path) {
      switch fault {
      case .status(429):
        var answer = failure(429, "TooManyRequests", "Too many requests")
        answer.headers.append(("Retry-After", "1"))
        return answer
      case .status(let status): return failure(status, "Fault", "made on request")
      case .dropConnection, .truncate, .delay:
        var answer = route(request)
        answer.fault = fault
        return answer
      case .halfListing:
        if let id = segments(of: request.path).dropFirst(2).first, let index = index(of: id) {
          connections[index].halfListings += 1
        }
      }
    }
    if let credentials {
      let given = Array((request.headers["authorization"] ?? "").utf8)
      if !constantTimeEqual(given, Array(credentials.header.utf8)) {
        return failure(401, "Unauthorized", "Missing or invalid credentials")
      }
    }
    if let accept = request.headers["accept"], !isAcceptable(accept) {
      return failure(406, "NotAcceptable", "media type is not available")
    }
    if request.method == "POST" || request.method == "PATCH", !request.body.isEmpty,
      !(request.headers["content-type"] ?? "").hasPrefix("application/json")
    {
      return failure(415, "UnsupportedMediaType", "Content-Type must be application/json")
    }
    if requestsLeft < 0 {
      var answer = failure(429, "TooManyRequests", "the hour's requests are used up")
      answer.headers.append(("Retry-After", "3600"))
      return answer
    }
    return route(request)
  }

  private func isAcceptable(_ accept: String) -> Bool {
    accept == "*/*" || accept.isEmpty || accept.hasPrefix("application/json")
  }

  private mutating func takeFault(for path: String) -> Fault.Kind? {
    guard let index = faults.firstIndex(where: { path.contains($0.path) && $0.count > 0 }) else {
      return nil
    }
    faults[index].count -= 1
    let kind = faults[index].kind
    if faults[index].count == 0 { faults.remove(at: index) }
    return kind
  }

  private mutating func route(_ request: APIRequest) -> APIResponse {
    var parts = segments(of: request.path)
    guard parts.first == "v1" else { return failure(404, "NotFound", "no such path") }
    parts.removeFirst()
    // The resource was called connector until 2025; old clients still say so.
    if parts.first == "connectors" { parts[0] = "connections" }
    if parts.first == "groups", parts.count == 3, parts[2] == "connectors" {
      parts[2] = "connections"
    }
    switch (request.method, parts.first) {
    case ("GET", "account"): return success(["account_id": "simulated", "account_name": "Simulator"])
    case (_, "groups"): return groups(request, Array(parts.dropFirst()))
    case ("GET", "destinations"): return destinations(request, Array(parts.dropFirst()))
    case (_, "webhooks"): return webhooks(request, Array(parts.dropFirst()))
    case ("GET", "metadata"): return metadata(request, Array(parts.dropFirst()))
    case (_, "connections"): return connections(request, Array(parts.dropFirst()))
    default: return failure(404, "NotFound", "no such path")
    }
  }
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

/// One page of a list. The last page has no `next_cursor`.
func page(_ items: [JSONValue], _ request: APIRequest) -> APIResponse {
  let limit = request.query["limit"].map { Int($0) ?? 0 } ?? 100
  guard (1...1000).contains(limit) else {
    return failure(400, "InvalidInput", "limit must be between 1 and 1000")
  }
  var start = 0
  if let cursor = request.query["cursor"] {
    guard let skip = Int(cursor.dropFirst("skip".count)), cursor.hasPrefix("skip"), skip >= 0 else {
      return failure(400, "InvalidInput", "the cursor is not one of ours")
    }
    start = skip
  }
  let end = min(items.count, start + limit)
  var members = [JSONMember("items", .array(start < end ? Array(items[start..<end]) : []))]
  if end < items.count { members.append(JSONMember("next_cursor", .string("skip\(end)"))) }
  return success(.object(members))
}
