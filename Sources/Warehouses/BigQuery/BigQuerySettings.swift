import Cryptography
package import DriftCore
import JSON
import Transport

/// Where and as whom a BigQuery destination is spoken to.
package struct BigQuerySettings: Sendable {
  package var project: String
  /// Of the datasets and of every job: `EU`, `europe-west1`.
  package var location: String
  /// The service account's key file, as Google hands it out: a JSON object.
  package var credentials: Secret
  /// Without a slash at the end; nil is Google's own.
  package var url: String?

  package init(project: String, location: String, credentials: Secret, url: String? = nil) {
    self.project = project
    self.location = location
    self.credentials = credentials
    self.url = url
  }

  /// Project and location become parts of paths.
  func check() throws(ServiceError) {
    guard isPlain(project) else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(project))\" is no project id",
        hint: "write the project's id, not its name or number; projects of a domain are not supported")
    }
    guard isPlain(location) else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(location))\" is no location",
        hint: "write EU, US or a region such as europe-west1")
    }
  }
}

/// The token of a service account: signed by its key and exchanged for one that BigQuery takes.
///
/// Source: Google's documentation, "Using OAuth 2.0 for server to server applications", read 2026-11.
struct GoogleToken: Sendable {
  static let scope = "https://www.googleapis.com/auth/bigquery"
  /// Google takes an hour at most.
  static let lifetime: Int64 = 3_600

  let key: PrivateKey
  let keyID: String
  let account: String
  /// Where the exchange takes place.
  let address: String
  let transport: any HTTPTransport

  init(_ credentials: Secret, transport: any HTTPTransport) throws(ServiceError) {
    let hint = "give the text of the service account's key file, as Google Cloud hands it out"
    guard let document = try? JSONValue.parse(credentials.reveal()), document["type"]?.string == "service_account",
      let account = document["client_email"]?.string, let pem = document["private_key"]?.string,
      let keyID = document["private_key_id"]?.string
    else { throw ServiceError(.settings, "credentials are not a service account's key file", hint: hint) }
    guard let key = try? PrivateKey(pem: pem) else {
      throw ServiceError(.settings, "the key in the credentials cannot be read", hint: hint)
    }
    let address = document["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
    guard address.hasPrefix("https://") || address.hasPrefix("http://127.0.0.1:") else {
      throw ServiceError(.settings, "token_uri in the credentials is no https address", hint: hint)
    }
    self.key = key
    self.keyID = keyID
    self.account = account
    self.address = address
    self.transport = transport
  }

  func token(at now: Timestamp) async throws -> (value: Secret, end: Timestamp) {
    let header: JSONValue = ["alg": "RS256", "typ": "JWT", "kid": .string(keyID)]
    let claims: JSONValue = [
      "iss": .string(account), "scope": .string(Self.scope), "aud": .string(address), "iat": .number("\(now.seconds)"),
      "exp": .number("\(now.seconds + Self.lifetime)"),
    ]
    let assertion = jsonWebToken(header: header.text, claims: claims.text, key: key)
    let grant = percentEncoded("urn:ietf:params:oauth:grant-type:jwt-bearer")
    let request = TokenRequest(
      url: address, grant: "grant_type=\(grant)&assertion=\(assertion)",
      refusal: (
        "Google gives the service account no token",
        "is the account disabled, its key deleted, or this machine's clock wrong?"
      ))
    return try await request.send(transport, at: now)
  }
}
