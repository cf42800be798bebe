/// Why there is no answer. It names method, scheme, host and path, and never a query, a user name, a header or a body.
package struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    case unresolvedHost
    /// Nobody listens there, or the host cannot be reached.
    case refused
    /// Handshake or certificate. Never retried in plain text.
    case tls
    case timedOut
    /// The body or the headers exceed their cap.
    case tooLarge
    /// The answer ended early or was malformed, or the connection was reset.
    case lostConnection
    /// The body cannot be decompressed, or its encoding is not known.
    case badEncoding
    case badURL
    /// A scheme other than http and https, or a user name in the URL.
    case forbiddenURL
    /// The host is at an address where a machine finds what it alone may know.
    case forbiddenAddress
    /// A method, header name or header value that cannot be sent as it is, such as one with a line break.
    case badRequest
    /// The transport has been stopped.
    case stopped
    /// A replay was asked for something that it has no answer to.
    case unexpectedRequest
    /// libcurl cannot be opened, in the loader's words.
    case noLibrary(String)
    /// Anything else, by libcurl's number.
    case failed(Int)
  }

  package var code: Code
  /// `GET https://api.example.com/v1/groups`.
  package var request: String

  package init(_ code: Code, request: String) {
    self.code = code
    self.request = request
  }

  package init(_ code: Code, _ request: HTTPRequest) {
    self.init(code, request: request.place)
  }

  package var description: String {
    "\(request): \(code.text)"
  }
}

extension TransportError.Code {
  /// What happened, without the place.
  package var text: String {
    switch self {
    case .unresolvedHost: "the host name does not resolve"
    case .refused: "no connection; nobody listens there or the host is out of reach"
    case .tls: "TLS handshake or certificate refused"
    case .timedOut: "no complete answer before the deadline"
    case .tooLarge: "the answer is larger than allowed"
    case .lostConnection: "the connection ended before the answer was complete"
    case .badEncoding: "the body's content encoding cannot be read"
    case .badURL: "the URL cannot be read"
    case .forbiddenURL: "only http and https URLs without a user name are sent"
    case .forbiddenAddress: "the host is at a link-local or metadata address, to which nothing is sent"
    case .badRequest: "the method or a header holds a character that cannot be sent"
    case .stopped: "the transport has been stopped"
    case .unexpectedRequest: "no recorded answer to this request"
    case .noLibrary(let reason): "\(reason); install libcurl (Debian, Ubuntu: libcurl4)"
    case .failed(let number): "libcurl error \(number)"
    }
  }
}
