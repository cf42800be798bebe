import DriftCore
import Transport

/// What proves to a service who asks.
protocol ServiceCredential: Sendable {
  /// For one request. What is secret in them is taken out of what the service says back.
  func headers(of request: HTTPRequest) async throws -> [HTTPHeader]
  /// The service does not take these; false where others would be no better.
  func renew(_ refused: [HTTPHeader]) async -> Bool
}

/// The token for the next request; made anew in time, and by one caller for all that wait.
actor AccessToken: ServiceCredential {
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

  func headers(of request: HTTPRequest) async throws -> [HTTPHeader] {
    [Self.header(try await value())]
  }

  func renew(_ refused: [HTTPHeader]) -> Bool {
    if let token, refused.secrets.contains(where: { Self.header(token.value).holds($0) }) { self.token = nil }
    return true
  }

  private static func header(_ token: Secret) -> HTTPHeader {
    HTTPHeader("Authorization", secret: Secret("Bearer \(token.reveal())"))
  }

  private func value() async throws -> Secret {
    if let token, token.end > now().adding(seconds: Self.margin) { return token.value }
    let task = renewal ?? Task { try await make() }
    renewal = task
    defer { if renewal == task { renewal = nil } }
    let made = try await task.value
    token = made
    return made.value
  }
}

extension HTTPHeader {
  /// Whether its value is this secret one.
  func holds(_ text: String) -> Bool { if case .secret(let value) = value { value.reveal() == text } else { false } }
}

extension [HTTPHeader] {
  /// Values that must not be told.
  var secrets: [String] {
    compactMap { header in if case .secret(let value) = header.value { value.reveal() } else { nil } }
  }
}
