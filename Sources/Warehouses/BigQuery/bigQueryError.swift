import JSON
import Transport

/// What BigQuery said instead of a result.
func bigQueryError(_ response: HTTPResponse) -> ServiceError {
  let error = (try? JSONValue.parse(response.body))?["error"]
  let first = error?["errors"]?[0]
  return bigQueryError(
    [
      "reason": first?["reason"] ?? error?["status"] ?? "",
      "message": error?["message"] ?? .string("BigQuery answered \(response.status)"),
    ], status: response.status)
}

/// - Parameter error: `reason` and `message`, as a job's `errorResult` has them.
///
/// Source: BigQuery documentation, "Error messages", read 2026-11, and messages that others report.
func bigQueryError(_ error: JSONValue, status: Int) -> ServiceError {
  let reason = error["reason"]?.string ?? ""
  let message = error["message"]?.string ?? ""
  return ServiceError(
    kind(status: status, reason: reason, message: message.lowercased()), ServiceError.said(message),
    code: reason.isEmpty ? nil : ServiceError.said(reason))
}

private func kind(status: Int, reason: String, message: String) -> ServiceError.Kind {
  switch reason {
  case "authError": return .unauthorized
  case "accessDenied": return .forbidden
  case "notFound": return .missing
  case "duplicate": return .exists
  case "rateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded": return .rateLimited
  case "backendError", "internalError", "jobBackendError", "jobInternalError": return .unavailable
  case "stopped": return message.contains("time") ? .timedOut : .cancelled
  case "timeout", "jobTimeout": return .timedOut
  default: break
  }
  switch status {
  case 401: return .unauthorized
  case 403: return .forbidden
  case 404: return .missing
  case 429: return .rateLimited
  case 500...: return .unavailable
  default: break
  }
  if message.contains("syntax error") { return .syntax }
  if message.contains("concurrent update") || message.contains("concurrent dml") { return .conflict }
  if message.contains("assignable to the new type") || message.contains("has changed type") { return .typeChange }
  if message.contains("already exists") { return .exists }
  if message.contains("required field") || message.contains("required column") { return .notEmpty }
  if message.contains("not found") || message.contains("unrecognized name") { return .missing }
  return .refused
}
