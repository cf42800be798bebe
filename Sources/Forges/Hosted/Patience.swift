import DriftCore
import Transport

/// Sends writes in their turn, and waits where a forge asks for patience.
///
/// What is limited was not done, so that sending it again is safe for writes too; a longer wait than `maximumWait` is an error
/// that says when to come back.
struct Patience: Sendable {
  /// Of one request, all its waits together.
  static let maximumWait = Duration.seconds(120)
  /// Where a forge asks for patience without saying how long: twice that the next time.
  static let unspecifiedWait = Duration.seconds(60)
  /// However short a wait a forge asks for; twice that the next time, so that "now" is not asked for without end.
  static let leastWait = Duration.seconds(1)

  let product: HostedProduct
  let transport: any HTTPTransport
  let pace: Pace

  /// - Parameter request: made anew for each try, because a token may run out while waiting.
  func send(
    isRead: Bool, _ activity: String, _ request: () async throws -> HTTPRequest
  ) async throws -> HTTPResponse {
    var waited = Duration.zero
    var unspecified = Self.unspecifiedWait
    var least = Self.leastWait
    while true {
      if pace.isShutOut {
        throw ForgeError(
          .unauthorized, activity, at: product.name, "not asked, because the token was refused before in this run",
          wayOut: "check forge.token, and whether it expired")
      }
      let held = pace.held
      let request = try await request()
      if held > .zero {
        guard waited + held <= Self.maximumWait else { throw limited(held, request, activity) }
        waited += held
        try await pace.sleep(for: held)
      }
      if !isRead { try await pace.turn() }
      let response = try await transport.send(request).withoutSecrets(of: request)
      if response.status == 401 { pace.shutOut() }
      guard let limit = hostedLimit(response) else { return response }
      // Holds every other request back as well: who goes on asking is shut out for longer.
      pace.hold(for: max(limit ?? unspecified, least))
      if limit == nil { unspecified *= 2 }
      least *= 2
    }
  }

  private func limited(_ wait: Duration, _ request: HTTPRequest, _ activity: String) -> ForgeError {
    let seconds = Int(wait.components.seconds)
    return ForgeError(
      .rateLimited(seconds: seconds), activity, at: request.place,
      "\(product.name) asks to wait \(seconds) s; nothing was written by this request",
      wayOut: "run again then; what is open already is found by its branch")
  }
}
