import Cryptography
import DriftCore

/// Holds a request against its signature, from the bytes that arrived.
struct AWSSignatureCheck {
  var accessKey: String
  var secretKey: String
  var sessionToken: String?
  var region: String
  var service: String

  /// The name of AWS's error and its message; nil where the signature is right.
  func problem(with request: LoopbackServer.Request, now: Timestamp) -> (name: String, message: String)? {
    let authorization = request.header("authorization") ?? ""
    let parts = authorization.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",").map { part in
      part.drop { $0 == " " }.drop { $0 != "=" }.dropFirst()
    }
    guard authorization.hasPrefix("AWS4-HMAC-SHA256 "), parts.count == 3, let date = request.header("x-amz-date"),
      date.count == 16, let moment = moment(date)
    else { return ("MissingAuthenticationTokenException", "Missing Authentication Token") }
    let scope = "\(date.prefix(8))/\(region)/\(service)/aws4_request"
    guard parts[0] == "\(accessKey)/\(scope)" else {
      return ("UnrecognizedClientException", "The security token included in the request is invalid.")
    }
    guard request.header("x-amz-security-token") == sessionToken else {
      return ("ExpiredTokenException", "The security token included in the request is expired")
    }
    guard abs(moment.seconds - now.seconds) <= 300 else {
      return ("InvalidSignatureException", "Signature not yet current or expired: \(date)")
    }
    let names = parts[1].split(separator: ";").map(String.init)
    let needed = ["host", "x-amz-date"] + (sessionToken == nil ? [] : ["x-amz-security-token"])
    guard names == names.sorted(), needed.allSatisfy(names.contains) else {
      return ("IncompleteSignatureException", "a header is not signed")
    }
    let lines = names.map { "\($0):\(request.header($0) ?? "")\n" }.joined()
    let canonical = """
      \(request.method)
      \(request.path)

      \(lines)
      \(parts[1])
      \(hex(sha256(request.body)))
      """
    let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(hex(sha256(Array(canonical.utf8))))"
    var key = Array("AWS4\(secretKey)".utf8)
    for part in [String(date.prefix(8)), region, service, "aws4_request"] {
      key = hmacSHA256(key: key, message: Array(part.utf8))
    }
    if parts[2] == hex(hmacSHA256(key: key, message: Array(text.utf8))) { return nil }
    // As AWS does, it says back what it was to be, and with it the session's token.
    return ("InvalidSignatureException", "The Canonical String for this request should have been '\(canonical)'")
  }

  private func moment(_ date: String) -> Timestamp? {
    let digits = Array(date)
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return Timestamp(
      iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
  }
}
