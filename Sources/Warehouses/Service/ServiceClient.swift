import DriftCore
import JSON
import Transport

/// Sends requests to one service with what proves who asks, which is made anew once where the service does not take it.
struct ServiceClient: Sendable {
  /// Of one request that the service held back, all its waits together.
  static let maximumWait = Duration.seconds(45)
  private static let headers = [HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", "mooring/0.1")]

  let transport: any HTTPTransport
  let clock: any Clock<Duration>
  let credential: any ServiceCredential
  /// Of every request, besides those that each service takes.
  var headers: [HTTPHeader] = []
  /// Of every body.
  var contentType = "application/json"
  /// Whether the service held the request back and did nothing: it is sent again.
  var isHeldBack: @Sendable (HTTPResponse) -> Bool = { $0.status == 429 }

  /// The answer, whatever its status. A request that is not sent again by the transport is sent again here where the
  /// service said that it did not take it: 401 once, with a new credential, and what it held back.
  func send(
    _ method: String, _ url: String, _ body: JSONValue? = nil, headers own: [HTTPHeader] = [], isRepeatable: Bool = true
  ) async throws -> HTTPResponse {
    var isRenewed = false
    var waited = Duration.zero
    var pause = Duration.seconds(1)
    while true {
      let type = body == nil ? [] : [HTTPHeader("Content-Type", contentType)]
      var request = HTTPRequest(
        method: method, url: url, headers: Self.headers + headers + type + own, body: body.map { Array($0.text.utf8) },
        timeout: .seconds(90), isRepeatable: isRepeatable)
      let proof = try await credential.headers(of: request)
      request.headers += proof
      var response: HTTPResponse
      do {
        response = try await transport.send(request)
      } catch let error as TransportError {
        throw Self.lost(error, wasSent: !isRepeatable)
      }
      // A server may say it back, and an error quotes what a server says: the token alone, without "Bearer".
      if response.status >= 300 {
        for secret in proof.secrets.compactMap({ $0.split(separator: " ").last }) {
          response.body = response.body.replacing(Array(secret.utf8), with: Array("<redacted>".utf8))
        }
      }
      if response.status == 401, !isRenewed, await credential.renew(proof) {
        isRenewed = true
      } else if isHeldBack(response) {
        let wait = retryAfter(response) ?? pause
        guard waited + wait <= Self.maximumWait else { return response }
        try await clock.sleep(for: wait)
        waited += wait
        pause *= 2
      } else {
        return response
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
    case .unresolvedHost, .refused, .noLibrary: ServiceError(.unavailable, "\(error)")
    case .badURL, .forbiddenURL, .forbiddenAddress, .badRequest: ServiceError(.settings, "\(error)")
    case .unexpectedRequest: ServiceError(.unreadable, "\(error)")
    }
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

/// Rows whose values are all texts or null.
func textRows(_ data: [JSONValue], width: Int) throws(ServiceError) -> [[String?]] {
  var rows: [[String?]] = []
  rows.reserveCapacity(data.count)
  for element in data {
    guard let values = element.array, values.count == width, values.allSatisfy({ $0.isNull || $0.string != nil })
    else { throw ServiceError(.unreadable, "a row is not in the form announced") }
    rows.append(values.map(\.string))
  }
  return rows
}
