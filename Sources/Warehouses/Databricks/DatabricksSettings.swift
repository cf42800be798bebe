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
    guard isPlain(host, marks: "-."), host.contains(".") else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(host))\" is no workspace's host",
        hint: "write the host alone, as in dbc-a1b2c3d4-e5f6.cloud.databricks.com")
    }
    guard isPlain(warehouse, marks: "-.") else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(warehouse))\" is no id of a SQL warehouse",
        hint: "write the last part of the warehouse's HTTP path, /sql/1.0/warehouses/...")
    }
    return url ?? "https://\(host)"
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
    let request = TokenRequest(
      url: "\(address)/oidc/v1/token", grant: "grant_type=client_credentials&scope=all-apis",
      authorization: Secret("Basic \(pair)"),
      refusal: (
        "Databricks gives the service principal no token",
        "check client_id, whether its secret has expired, and that it is assigned to the workspace"
      ), secret: secret)
    return try await request.send(transport, at: now)
  }
}
