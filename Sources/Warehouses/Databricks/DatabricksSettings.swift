import Cryptography
package import DriftCore
import JSON
import Transport

/// Where and as whom a Databricks destination is spoken to.
package struct DatabricksSettings: Sendable {
  /// The workspace's: `dbc-a1b2c3d4-e5f6.cloud.databricks.com`.
  package var host: String
  /// The id of the SQL warehouse that runs the statements.
  package var warehouse: String
  /// Of Unity Catalog.
  package var catalog: String
  /// The service principal's application id; nil where `secret` is a token that somebody made.
  package var clientID: String?
  /// The service principal's OAuth secret, or a personal access token.
  package var secret: Secret
  /// Without a slash at the end; nil is the host's own.
  package var url: String?

  package init(
    host: String, warehouse: String, catalog: String, clientID: String? = nil, secret: Secret, url: String? = nil
  ) {
    self.host = host
    self.warehouse = warehouse
    self.catalog = catalog
    self.clientID = clientID
    self.secret = secret
    self.url = url
  }

  /// The address; a host or warehouse with a character that none has is refused, because it would lead elsewhere.
  func address() throws(ServiceError) -> String {
    guard Self.isPlain(host), host.contains(".") else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(host))\" is no workspace's host",
        hint: "write the host alone, as in dbc-a1b2c3d4-e5f6.cloud.databricks.com")
    }
    guard Self.isPlain(warehouse) else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(warehouse))\" is no id of a SQL warehouse",
        hint: "write the last part of the warehouse's HTTP path, /sql/1.0/warehouses/...")
    }
    return url ?? "https://\(host)"
  }

  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
        default: false
        }
      }
  }
}

/// The token of every request: a personal one as it is, or one that a service principal gets for its secret.
///
/// Source: Databricks documentation, "Authorize service principal access with OAuth", read 2026-11.
struct DatabricksToken: Sendable {
  /// Nobody but the workspace knows when a personal token ends.
  static let personalLifetime: Int64 = 365 * 86_400

  let clientID: String?
  let secret: Secret
  let address: String
  let transport: any HTTPTransport

  func token(at now: Timestamp) async throws -> (value: Secret, end: Timestamp) {
    guard let clientID else { return (secret, now.adding(seconds: Self.personalLifetime)) }
    let pair = base64(Array("\(clientID):\(secret.reveal())".utf8))
    let request = HTTPRequest(
      method: "POST", url: "\(address)/oidc/v1/token",
      headers: [
        HTTPHeader("Content-Type", "application/x-www-form-urlencoded"), HTTPHeader("Accept", "application/json"),
        HTTPHeader("Authorization", secret: Secret("Basic \(pair)")),
      ],
      body: Array("grant_type=client_credentials&scope=all-apis".utf8), isRepeatable: true)
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch let error as TransportError {
      throw ServiceClient.lost(error, wasSent: false)
    }
    guard response.status == 200 else {
      // The description may hold what was sent; the error's name does not.
      let name = (try? JSONValue.parse(response.body))?["error"]?.string ?? "status \(response.status)"
      throw ServiceError(
        response.status >= 500 ? .unavailable : .unauthorized, "Databricks gives the service principal no token",
        code: ServiceError.said(name.replacing(secret.reveal(), with: "<redacted>")),
        hint: "check client_id, whether its secret has expired, and that it is assigned to the workspace")
    }
    let document = try serviceDocument(response)
    guard let token = document["access_token"]?.string, let seconds = document["expires_in"]?.int else {
      throw ServiceError(.unreadable, "the answer to the token request has no token")
    }
    return (Secret(token), now.adding(seconds: Int64(seconds)))
  }
}
