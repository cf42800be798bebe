import DriftCore
import JSON
import Transport

/// Sends requests to one service with its token, which is renewed before its end, and once more where the service says so.
struct ServiceClient: Sendable {
  /// Of one request that the service held back, all its waits together.
  static let maximumWait = Duration.seconds(45)

  let transport: any HTTPTransport
  let clock: any Clock<Duration>
  let token: AccessToken
  /// Of every request, besides the token.
  let headers: [HTTPHeader]

  /// The answer, whatever its status. A request that is not sent again by the transport is sent again here where the
  /// service said that it did not take it: 401 once, with a new token, and 429.
  func send(_ method: String, _ url: String, _ body: JSONValue? = nil, isRepeatable: Bool = true) async throws
    -> HTTPResponse
  {
    var isRenewed = false
    var waited = Duration.zero
    var pause = Duration.seconds(1)
    while true {
      let secret = try await token.value()
      let type = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
      let request = HTTPRequest(
        method: method, url: url,
        headers: headers + type + [HTTPHeader("Authorization", secret: Secret("Bearer \(secret.reveal())"))],
        body: body.map { Array($0.text.utf8) }, timeout: .seconds(90), isRepeatable: isRepeatable)
      var response: HTTPResponse
      do {
        response = try await transport.send(request)
      } catch let error as TransportError {
        throw Self.lost(error, wasSent: !isRepeatable)
      }
      // A server may say the token back, and an error quotes what a server says.
      if response.status >= 300 {
        response.body = response.body.replacing(Array(secret.reveal().utf8), with: Array("<redacted>".utf8))
      }
      switch response.status {
      case 401 where !isRenewed:
        await token.discard(secret)
        isRenewed = true
      case 429:
        let wait = retryAfter(response) ?? pause
        guard waited + wait <= Self.maximumWait else { return response }
        try await clock.sleep(for: wait)
        waited += wait
        pause *= 2
      default: return response
      }
    }
  }

  /// - Parameter wasSent: whether the service may have done what the request asks for.
  static func lost(_ error: TransportError, wasSent: Bool) -> ServiceError {
    switch error.code {
    case .lostConnection, .timedOut, .tooLarge, .badEncoding, .stopped, .failed:
      ServiceError(wasSent ? .outcomeUnknown : .unavailable, "\(error)")
    case .tls:
      ServiceError(.unavailable, "\(error)", hint: "check the address, and the certificate of what stands between")
    case .unresolvedHost, .refused: ServiceError(.unavailable, "\(error)")
    case .badURL, .forbiddenURL, .badRequest: ServiceError(.settings, "\(error)")
    case .unexpectedRequest: ServiceError(.unreadable, "\(error)")
    }
  }
}

/// The token for the next request; made anew in time, and by one caller for all that wait.
actor AccessToken {
  /// A renewal comes this long before the end.
  static let margin: Int64 = 300

  private let now: @Sendable () -> Timestamp
  private let make: @Sendable () async throws -> (value: Secret, end: Timestamp)
  private var token: (value: Secret, end: Timestamp)?
  private var renewal: Task<(value: Secret, end: Timestamp), any Error>?

  init(
    now: @escaping @Sendable () -> Timestamp,
    make: @escaping @Sendable () async throws -> (value: Secret, end: Timestamp)
  ) {
    self.now = now
    self.make = make
  }

  func value() async throws -> Secret {
    if let token, token.end > now().adding(seconds: Self.margin) { return token.value }
    let task = renewal ?? Task { try await make() }
    renewal = task
    defer { if renewal == task { renewal = nil } }
    let made = try await task.value
    token = made
    return made.value
  }

  /// The service does not take this one any more.
  func discard(_ value: Secret) {
    if token?.value.reveal() == value.reveal() { token = nil }
  }
}

/// The document of an answer.
func serviceDocument(_ response: HTTPResponse) throws(ServiceError) -> JSONValue {
  do {
    return try JSONValue.parse(response.body, limits: JSONLimits(depth: 64, stringSize: 32 << 20))
  } catch {
    throw ServiceError(.unreadable, "the answer (status \(response.status)) cannot be read: \(error)")
  }
}
