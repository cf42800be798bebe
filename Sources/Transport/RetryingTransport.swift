import Synchronization

/// Sends repeatable requests again after a lost connection or a status that says "later".
///
/// `Retry-After` is obeyed up to `maximumWait`; a longer one is not waited for, and the answer is returned as it is.
/// Where the server does not say, the wait doubles from `firstWait`, less a random part of up to a half.
package final class RetryingTransport: HTTPTransport {
  package static let maximumAttempts = 4
  package static let firstWait = Duration.milliseconds(500)
  /// Of one wait, whoever asks for it.
  package static let maximumWait = Duration.seconds(60)
  static let statuses: Set<Int> = [429, 500, 502, 503, 504]

  private let transport: any HTTPTransport
  private let clock: any Clock<Duration>
  private let generator: Mutex<any RandomNumberGenerator & Sendable>

  package init(
    _ transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    self.transport = transport
    self.clock = clock
    self.generator = Mutex(generator)
  }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard request.isRepeatable else { return try await transport.send(request) }
    for attempt in 1..<Self.maximumAttempts {
      do {
        let response = try await transport.send(request)
        guard Self.statuses.contains(response.status) else { return response }
        let wait = retryAfter(response) ?? backOff(after: attempt)
        guard wait <= Self.maximumWait else { return response }
        try await clock.sleep(for: wait)
      } catch let error as TransportError where error.code == .lostConnection {
        try await clock.sleep(for: backOff(after: attempt))
      }
    }
    return try await transport.send(request)
  }

  /// 0.25 to 0.5 s after the first attempt, then twice that, and so on.
  private func backOff(after attempt: Int) -> Duration {
    let whole = Self.firstWait * (1 << (attempt - 1))
    let share = generator.withLock { Int.random(in: 500...1000, using: &$0) }
    return min(whole * share / 1000, Self.maximumWait)
  }
}

/// What the server asks to wait: seconds, or a date, which is measured against the answer's own `Date` so that the
/// difference between the two clocks does not matter. Nil for anything else.
package func retryAfter(_ response: HTTPResponse) -> Duration? {
  guard let text = response.header("retry-after") else { return nil }
  if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
    // More digits than fit are a wait longer than any cap.
    return .seconds(min(Int(text) ?? .max, 1 << 40))
  }
  guard let now = response.header("date").flatMap(seconds(ofHTTPDate:)),
    let end = seconds(ofHTTPDate: text)
  else { return nil }
  return .seconds(max(0, end - now))
}
