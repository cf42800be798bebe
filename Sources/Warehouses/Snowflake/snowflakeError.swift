import JSON
import Transport

/// What Snowflake said instead of a result.
///
/// Source: Snowflake documentation, "Handling errors" of the SQL API, and messages that others report.
func snowflakeError(_ response: HTTPResponse) -> ServiceError {
  let document = try? JSONValue.parse(response.body)
  let code = document?["code"]?.string
  let message = document?["message"]?.string ?? "Snowflake answered \(response.status)"
  let state = document?["sqlState"]?.string
  let numbers = [code, state].compactMap(\.self).joined(separator: ", ")
  return ServiceError(
    kind(status: response.status, code: code ?? "", state: state ?? "", message: message.lowercased()),
    ServiceError.said(message), code: numbers.isEmpty ? nil : numbers)
}

private func kind(status: Int, code: String, state: String, message: String) -> ServiceError.Kind {
  switch code {
  case "000630", "000604": return code == "000630" ? .timedOut : .cancelled
  case "000625": return .conflict
  case "001003", "000008", "391911": return .syntax
  case "002003", "002043", "000904": return .missing
  case "002002", "001430": return .exists
  case "003001", "390186", "390189": return .forbidden
  case _ where code.hasPrefix("3901") || code.hasPrefix("3943"): return .unauthorized
  default: break
  }
  switch status {
  case 401: return .unauthorized
  case 403: return .forbidden
  case 408: return .timedOut
  case 429: return .rateLimited
  case 500...: return .unavailable
  default: break
  }
  if message.contains("cannot change column") { return .typeChange }
  if message.contains("non-nullable column") || state == "23502" || message.contains("contains null values") {
    return .notEmpty
  }
  if message.contains("insufficient privileges") || state == "42501" { return .forbidden }
  if message.contains("does not exist or not authorized") || state == "42S02" { return .missing }
  return .refused
}
