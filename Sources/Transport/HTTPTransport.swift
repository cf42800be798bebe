package import DriftCore

/// Sends one request and returns the whole answer.
package protocol HTTPTransport: Sendable {
  /// Returns the answer, whatever its status. Throws `TransportError` when there is none, or `CancellationError`.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// One request. The URL carries no user name; credentials go into a header as a `Secret`.
package struct HTTPRequest: Sendable {
  package static let defaultTimeout = Duration.seconds(30)
  package static let defaultMaximumBodySize = 64 << 20

  package var method: String
  /// Absolute, `http` or `https`.
  package var url: String
  package var headers: [HTTPHeader]
  package var body: [UInt8]?
  /// From the start to the last byte of the answer, waiting in line for a connection included.
  package var timeout: Duration
  /// Sending it twice does no more than sending it once.
  package var isRepeatable: Bool
  /// Of the answer, in bytes, counted after decompression.
  package var maximumBodySize: Int

  /// `isRepeatable` is true for GET and HEAD unless said otherwise.
  package init(
    method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
    timeout: Duration = Self.defaultTimeout, isRepeatable: Bool? = nil,
    maximumBodySize: Int = Self.defaultMaximumBodySize
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.isRepeatable = isRepeatable ?? (method == "GET" || method == "HEAD")
    self.maximumBodySize = maximumBodySize
  }
}

/// One header of a request. A secret value is sent and never printed.
package struct HTTPHeader: Sendable {
  package enum Value: Sendable {
    case plain(String)
    case secret(Secret)
  }

  package var name: String
  package var value: Value

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = .plain(value)
  }

  package init(_ name: String, secret value: Secret) {
    self.name = name
    self.value = .secret(value)
  }
}

/// An answer with its whole body, decompressed.
package struct HTTPResponse: Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var status: Int
  /// In the order of the answer; names as the server spelled them.
  package var headers: [Field]
  package var body: [UInt8]

  package init(status: Int, headers: [Field] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Returns the first value of a header, whose name is compared without regard to case.
  package func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }
}
