/// Fivetran said no, or said something that cannot be read.
package struct FivetranError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    case unauthorized
    case forbidden
    case notFound
    /// The connection exists and has no schema config yet.
    case noSchemaConfig
    /// Nil where the answer does not say when to come back.
    case rateLimited(retryAfterSeconds: Int?)
    case conflict(message: String)
    /// The account, or this kind of connection, has no such call.
    case unsupported
    case invalid(message: String)
    /// Fivetran's own fault, or that of something between; by its status.
    case unavailable(status: Int)
    /// The answer is not what the interface promises; says what and where.
    case unreadableBody(reason: String)
    /// The answer to a PATCH was success, but the config read afterwards lacks the setting.
    case settingNotTaken(setting: String)
  }

  package var code: Code
  /// The method and path, never a query, a header or a body.
  package var request: String

  package init(_ code: Code, request: String) {
    self.code = code
    self.request = request
  }

  package var description: String { "\(request): \(code.text)" }
}

extension FivetranError.Code {
  var text: String {
    switch self {
    case .unauthorized:
      "not authorized; check Fivetran's API key and secret, and whether it expired"
    case .forbidden:
      "not allowed; the API key lacks the permission to do this: connections need MANAGE, destinations READ"
    case .notFound:
      "not found; check the connection's id in mooring.yaml; names of schemas and tables are case-sensitive"
    case .noSchemaConfig:
      "the connection has no schema config yet, because it has never synced; start its first sync in Fivetran"
    case .rateLimited(let seconds):
      "too many requests; \(seconds.map { "again in \($0) s" } ?? "try again later")"
    case .conflict(let message):
      "in conflict with the connection's state, such as a running sync; try again later\(quoted(message))"
    case .unsupported: "this account or kind of connection does not offer that"
    case .invalid(let message): "refused as invalid\(quoted(message))"
    case .unavailable(let status): "Fivetran answered \(status); try again later"
    case .unreadableBody(let reason):
      "the answer cannot be read: \(reason); check that api.fivetran.com or the address in its place is reached directly"
    case .settingNotTaken(let setting):
      "the change was accepted, but \(setting) is not in the config read afterwards; look at the connection in Fivetran"
    }
  }
}

private func quoted(_ message: String) -> String { message.isEmpty ? "" : ": \(plain(message))" }

/// Text from outside, made fit for one line of a message.
func plain(_ text: String) -> String {
  let limit = 200
  var result = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > limit ? result + "..." : result
}
