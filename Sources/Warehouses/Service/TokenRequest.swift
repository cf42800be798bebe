import DriftCore
import JSON
import Transport

/// Asks for a token that goes with each request from then on (RFC 6749, sections 4 and 5).
struct TokenRequest: Sendable {
  let url: String
  /// As a form: `grant_type=...`.
  let grant: String
  var authorization: Secret?
  /// What it says where none is given, and what to do then.
  let refusal: (message: String, hint: String)
  /// What a server might say back.
  var secret: Secret?

  func send(_ transport: any HTTPTransport, at now: Timestamp) async throws -> (value: Secret, end: Timestamp) {
    let request = HTTPRequest(
      method: "POST", url: url,
      headers: [
        HTTPHeader("Content-Type", "application/x-www-form-urlencoded"), HTTPHeader("Accept", "application/json"),
      ] + (authorization.map { [HTTPHeader("Authorization", secret: $0)] } ?? []),
      body: Array(grant.utf8), isRepeatable: true)
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch let error as TransportError {
      throw ServiceClient.lost(error, wasSent: false)
    }
    guard response.status == 200 else {
      // The description may hold what was sent; the error's name does not.
      let name = (try? JSONValue.parse(response.body))?["error"]?.string ?? "status \(response.status)"
      let told = secret.map { name.replacing($0.reveal(), with: "<redacted>") } ?? name
      throw ServiceError(
        response.status >= 500 ? .unavailable : .unauthorized, refusal.message, code: ServiceError.said(told),
        hint: refusal.hint)
    }
    let document = try serviceDocument(response)
    guard let token = document["access_token"]?.string, let seconds = document["expires_in"]?.int else {
      throw ServiceError(.unreadable, "the answer to the token request has no token")
    }
    return (Secret(token), now.adding(seconds: Int64(seconds)))
  }
}
