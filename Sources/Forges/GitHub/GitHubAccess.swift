import Cryptography
import DriftCore
import JSON
import Transport

/// The token for the next request. An App's lasts an hour and is renewed in time.
actor GitHubAccess {
  /// A renewal comes this long before the end.
  static let margin: Int64 = 600
  /// GitHub takes at most 600, and its clock may be ahead of ours.
  static let assertionLifetime: Int64 = 540
  static let assertionBackdating: Int64 = 60

  private let settings: HostedSettings
  /// Without a slash at the end.
  private let api: String
  private let owner: String
  private let name: String
  private var installation: Int?
  private var token: (value: Secret, end: Timestamp)?

  init(_ settings: HostedSettings, api: String, owner: String, name: String) {
    self.settings = settings
    self.api = api
    self.owner = owner
    self.name = name
  }

  func value() async throws -> Secret {
    switch settings.credential {
    case .token(let token): return token
    case .app(let id, let key, let installation):
      if let token, token.end > settings.now().adding(seconds: Self.margin) { return token.value }
      let renewed = try await renew(id: id, key: key, installation: installation)
      token = renewed
      return renewed.value
    }
  }

  private func renew(id: String, key: Secret, installation given: Int?) async throws -> (
    value: Secret, end: Timestamp
  ) {
    let assertion = try assertion(id: id, key: key)
    let number: Int
    if let known = given ?? installation {
      number = known
    } else {
      let found = try await send(
        "GET", "\(api)/repos/\(owner)/\(name)/installation", assertion, body: nil,
        expected: 200)
      guard let id = found["id"]?.int else { throw unreadable("the installation has no id") }
      number = id
    }
    installation = number
    // For this repository alone; what the token may do there is what the App was granted.
    let body: JSONValue = ["repositories": [.string(name)]]
    let answer = try await send(
      "POST", "\(api)/app/installations/\(number)/access_tokens", assertion, body: body,
      expected: 201)
    guard let token = answer["token"]?.string,
      let end = answer["expires_at"]?.string.flatMap(Timestamp.init(iso8601:))
    else { throw unreadable("the installation's token or its end is missing") }
    return (Secret(token), end)
  }

  private func send(
    _ method: String, _ url: String, _ assertion: Secret, body: JSONValue?, expected: Int
  ) async throws -> JSONValue {
    let type = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    let request = HTTPRequest(
      method: method, url: url, headers: gitHubHeaders(assertion) + type, body: body.map { Array($0.text.utf8) })
    let response = try await settings.transport.send(request).withoutSecrets(of: request)
    if response.status == expected { return try hostedValue(response, .gitHub, activity, request.place) }
    throw hostedRefusal(response, .gitHub, activity, request.place)
  }

  /// A JSON web token, signed by the App itself.
  private func assertion(id: String, key: Secret) throws -> Secret {
    let now = settings.now().seconds
    let header: JSONValue = ["alg": "RS256", "typ": "JWT"]
    let claims: JSONValue = [
      "iat": .number("\(now - Self.assertionBackdating)"),
      "exp": .number("\(now + Self.assertionLifetime)"), "iss": .string(id),
    ]
    let text = [header, claims].map { base64URL(Array($0.text.utf8)) }.joined(separator: ".")
    do {
      return Secret("\(text).\(base64URL(try rs256(Array(text.utf8), pem: key.reveal())))")
    } catch {
      throw ForgeError(
        .unauthorized, activity, at: "forge.app.key",
        error == .notRSA ? "the key is no RSA key" : "the key is no private key in PEM, or is encrypted",
        wayOut: "give the .pem file's text as GitHub handed it out")
    }
  }

  private func unreadable(_ what: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: api, what)
  }

  private let activity = "getting a token for the GitHub App"
}

/// Of every request to GitHub.
func gitHubHeaders(_ token: Secret) -> [HTTPHeader] {
  [
    HTTPHeader("Accept", "application/vnd.github+json"),
    HTTPHeader("Authorization", secret: Secret("Bearer \(token.reveal())")),
    HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
  ]
}
