/// What AWS has signed of one request without a query.
///
/// Source: AWS Identity and Access Management user guide, "Create a signed AWS API request", read 2026-11.
package struct AWSRequest: Sendable {
  package var method: String
  /// Percent-encoded; `/` at least.
  package var path: String
  /// Every one is signed, `host` and `x-amz-date` among them.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(method: String, path: String, headers: [(name: String, value: String)], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  /// Names in lower case and in order, blanks as the signature has them.
  private var signed: [(name: String, value: String)] {
    headers.map { name, value in
      (name.lowercased(), value.split(separator: " ").joined(separator: " "))
    }.sorted { $0.0 < $1.0 }
  }

  fileprivate var names: String { signed.map(\.name).joined(separator: ";") }

  fileprivate var canonical: String {
    let lines = signed.map { "\($0.name):\($0.value)\n" }.joined()
    return [method, path, "", lines, names, hex(sha256(body))].joined(separator: "\n")
  }
}

/// Who signs, and for what: Signature Version 4.
package struct AWSSigner: Sendable {
  package var accessKey: String
  package var secretKey: String
  package var region: String
  package var service: String

  package init(accessKey: String, secretKey: String, region: String, service: String) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.region = region
    self.service = service
  }

  /// The value of the header `Authorization`.
  ///
  /// - Parameter date: that of `x-amz-date`: `20150830T123600Z`.
  package func authorization(of request: AWSRequest, date: String) -> String {
    let scope = "\(date.prefix(8))/\(region)/\(service)/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(sha256Hex(request.canonical))"
    let key = scope.split(separator: "/").reduce(Array("AWS4\(secretKey)".utf8)) { key, part in
      hmacSHA256(key: key, message: Array(part.utf8))
    }
    let signature = hex(hmacSHA256(key: key, message: Array(text.utf8)))
    return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(request.names), Signature=\(signature)"
  }
}
