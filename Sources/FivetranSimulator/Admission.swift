import Cryptography
import DriftCore
import FoundationEssentials
import JSON

/// Key and secret that callers must show; nil lets everybody in.
package struct Credentials: Sendable {
  var header: String

  package init(key: String, secret: String) {
    header = "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString()
  }
}

/// What is found at the door.
enum Admission {
  case refused(APIResponse)
  case admitted(Fault.Kind?)
}

extension Account {
  static let keptRequests = 100_000

  /// Credentials, media types, rate limits, and then the faults that were asked for.
  mutating func admit(_ request: APIRequest, _ credentials: Credentials?) -> Admission {
    requests.append("\(request.method) \(request.path)")
    if requests.count > Self.keptRequests { requests.removeFirst(Self.keptRequests / 2) }
    if let credentials {
      let given = Array((request.headers["authorization"] ?? "").utf8)
      if !constantTimeEqual(given, Array(credentials.header.utf8)) {
        return .refused(failure(401, "Unauthorized", "Missing or invalid credentials"))
      }
    }
    if let accept = request.headers["accept"], !isAcceptable(accept) {
      return .refused(failure(406, "NotAcceptable", "media type is not available"))
    }
    if ["POST", "PATCH", "PUT"].contains(request.method), !request.body.isEmpty,
      !isJSON(request.headers["content-type"] ?? "")
    {
      return .refused(
        failure(415, "UnsupportedMediaType", "Content-Type must be application/json"))
    }
    if let wait = limits.take(cost(of: request), at: now.seconds + uptime) {
      return .refused(counted(tooMany(wait: Int(wait))))
    }
    switch takeFault(for: request) {
    case .status(let status, let retryAfter, let body):
      var answer =
        status == 429
        ? tooMany(wait: retryAfter ?? 1) : failure(status, "Fault", "made on request")
      if status != 429, let retryAfter { answer.headers.append(("Retry-After", String(retryAfter))) }
      if let body { answer.body = body }
      return .refused(counted(answer))
    case .drop(isBefore: true):
      var answer = counted(success())
      answer.fault = .drop(isBefore: true)
      return .refused(answer)
    case let fault: return .admitted(fault)
    }
  }

  /// With the quota that is left.
  func counted(_ answer: APIResponse) -> APIResponse {
    var answer = answer
    answer.headers += [
      ("X-Rate-Limit", String(limits.limit)), ("X-Rate-Limit-Remaining", String(limits.left)),
    ]
    return answer
  }

  private func tooMany(wait seconds: Int) -> APIResponse {
    var answer = failure(429, "TooManyRequests", "Too many requests; again in \(seconds) s")
    answer.headers.append(("Retry-After", String(seconds)))
    return answer
  }

  private func cost(of request: APIRequest) -> RateLimits.Cost {
    let parts = request.resource ?? []
    guard parts.first == "connections", parts.count >= 2 else { return .plain }
    switch (request.method, parts.dropFirst(2).first, parts.last) {
    case ("POST", "schemas", "reload") where parts.count == 4: return .source
    case ("GET", "schemas", "columns") where parts.count == 7: return .source
    case ("POST", "test", _): return .setupTest
    case ("PATCH", nil, _):
      return request.object?["run_setup_tests"]?.bool == false ? .plain : .setupTest
    default: return .plain
    }
  }
}

/// Any of the media types of an Accept header, whatever their parameters.
private func isAcceptable(_ accept: String) -> Bool {
  let types = accept.split(separator: ",").map(mediaType)
  return types.isEmpty || types.contains { ["*/*", "application/*", "application/json"].contains($0) }
}

private func isJSON(_ contentType: String) -> Bool {
  mediaType(contentType[...]) == "application/json"
}

private func mediaType(_ text: Substring) -> String {
  text.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
}
