import JSON
import PostgreSQL
import Transport

/// What the Data API said to a request instead of taking it.
///
/// Source: Amazon Redshift Data API reference, "Common errors" and those of each action, read 2026-11.
func redshiftError(_ response: HTTPResponse) -> ServiceError {
  let document = (try? JSONValue.parse(response.body)) ?? .null
  // The name may have a namespace before it and an address behind it.
  let type = document["__type"]?.string ?? response.header("x-amzn-errortype") ?? ""
  let name = String(type.split(separator: "#").last?.prefix { $0 != ":" } ?? "")
  let message = document["message"]?.string ?? document["Message"]?.string ?? "Redshift answered \(response.status)"
  return ServiceError(
    kind(name: name, status: response.status), ServiceError.said(message),
    code: name.isEmpty ? nil : ServiceError.said(name), hint: hint(name))
}

/// Whether the service did nothing because there is too much to do.
func isRedshiftThrottling(_ response: HTTPResponse) -> Bool {
  response.status >= 400 && redshiftError(response).kind == .rateLimited
}

private func kind(name: String, status: Int) -> ServiceError.Kind {
  switch name {
  case "ThrottlingException", "Throttling", "TooManyRequestsException", "ActiveStatementsExceededException",
    "ActiveSessionsExceededException", "RequestLimitExceeded":
    return .rateLimited
  case "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "ExpiredTokenException",
    "IncompleteSignature", "IncompleteSignatureException", "InvalidClientTokenId", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "NotAuthorized", "OptInRequired", "RequestExpired":
    return .unauthorized
  case "AccessDeniedException", "AccessDenied", "UnauthorizedException": return .forbidden
  case "ResourceNotFoundException": return .missing
  case "DatabaseConnectionException", "InternalServerException", "InternalFailure", "ServiceUnavailable",
    "ServiceUnavailableException":
    return .unavailable
  case "QueryTimeoutException": return .timedOut
  default: break
  }
  switch status {
  case 401: return .unauthorized
  case 403: return .forbidden
  case 429: return .rateLimited
  case 500...: return .unavailable
  default: return .refused
  }
}

private func hint(_ name: String) -> String? {
  switch name {
  case "ExpiredTokenException", "RequestExpired":
    "renew access_key, secret_key and session_token where they come from; they are read again for each request"
  case "AccessDeniedException": "the IAM identity needs the actions that docs/warehouses.md lists"
  default: nil
  }
}

/// What the database said to a statement: the Data API gives its text alone, without the SQLSTATE.
///
/// Source: messages that others report; those of PostgreSQL 8 and Redshift's own.
func redshiftRefusal(_ text: String) -> ServiceError {
  let message = text.hasPrefix("ERROR: ") ? String(text.dropFirst(7)) : text
  return ServiceError(kind(message.lowercased()), ServiceError.said(message))
}

/// What libpq, or the server over it, said.
func redshiftError(_ error: PostgresError) -> ServiceError {
  let text = redshiftRefusal(error.message)
  let kind: ServiceError.Kind
  var hint = error.hint.map(ServiceError.said)
  switch error.kind {
  case .address: kind = .settings
  case .resultMissing: kind = .refused
  case .unauthorized:
    kind = .unauthorized
    // Redshift's own way to ask for a password that it keeps as SHA-256.
    if error.message.contains("authentication method 13") {
      hint = "give the user a password that Redshift keeps as MD5, or use the Data API: libpq cannot prove this one"
    }
  case .connection: kind = .unavailable
  case .commitUnknown, .transactionEnded: kind = .outcomeUnknown
  case .lockTimeout, .conflict: kind = .conflict
  case .forbidden: kind = .forbidden
  case .unreadable: kind = .unreadable
  case .cancelled: kind = text.kind == .timedOut ? .timedOut : .cancelled
  case .server: kind = text.kind == .refused ? error.sqlState.map(redshiftKind(ofSQLState:)) ?? .refused : text.kind
  }
  return ServiceError(kind, text.message, code: error.sqlState, hint: hint)
}

/// Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
private func redshiftKind(ofSQLState state: String) -> ServiceError.Kind {
  switch state {
  case "42601": .syntax
  case "3D000", "3F000", "42703", "42P01": .missing
  case "42701", "42P06", "42P07": .exists
  case "0A000", "42804": .typeChange
  case "23502": .notEmpty
  case "2BP01": .dependants
  default: .refused
  }
}

/// Its column has the length that the statement asks for.
func isRedshiftSizeTaken(_ error: ServiceError) -> Bool {
  error.message.contains("target column size should be different")
}

private func kind(_ message: String) -> ServiceError.Kind {
  func says(_ texts: String...) -> Bool { texts.contains { message.contains($0) } }
  if says("syntax error", "cannot insert multiple commands") { return .syntax }
  if says("permission denied", "must be owner") { return .forbidden }
  if says("already exists") { return .exists }
  if says("serializable isolation violation", "could not obtain lock", "deadlock detected", "concurrent") {
    return .conflict
  }
  if says("other objects depend", "depends on it", "because other") { return .dependants }
  if says("canceled", "cancelled") { return says("timeout") ? .timedOut : .cancelled }
  if says("null value in column", "cannot insert a null value", "non-null default", "contains null") {
    return .notEmpty
  }
  if says("cannot alter column", "target data type", "column size") { return .typeChange }
  if says("does not exist", "not found", "could not open relation") { return .missing }
  return .refused
}
