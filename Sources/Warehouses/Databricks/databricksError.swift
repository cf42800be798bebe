import JSON
import Transport

/// What Databricks said to a request instead of taking it.
func databricksError(_ response: HTTPResponse) -> ServiceError {
  let document = (try? JSONValue.parse(response.body)) ?? .null
  return databricksError(
    code: document["error_code"]?.string ?? "", state: "",
    message: document["message"]?.string ?? "Databricks answered \(response.status)", status: response.status)
}

/// - Parameter status: of a statement that failed, with its `sql_state` and its `error`.
func databricksError(_ status: JSONValue) -> ServiceError {
  databricksError(
    code: status["error"]?["error_code"]?.string ?? "", state: status["sql_state"]?.string ?? "",
    message: status["error"]?["message"]?.string ?? "the statement failed", status: 200)
}

/// The first word of a message, in brackets, names the condition.
///
/// Source: Databricks documentation, "Error conditions" and "SQLSTATE error codes", read 2026-11, and Delta Lake's own list.
private func databricksError(code: String, state: String, message: String, status: Int) -> ServiceError {
  let opening = message.drop { $0 != "[" }.dropFirst()
  let condition = String(opening.prefix { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_" || $0 == ".") })
  let shown = [condition.isEmpty ? code : condition, state].filter { !$0.isEmpty }.joined(separator: ", ")
  return ServiceError(
    kind(condition: condition, state: state) ?? kind(code: code, status: status), ServiceError.said(message),
    code: shown.isEmpty ? nil : ServiceError.said(shown), hint: hint(condition))
}

private func kind(condition: String, state: String) -> ServiceError.Kind? {
  let name = condition.prefix { $0 != "." }
  switch name {
  case "DELTA_ALTER_TABLE_CHANGE_COL_NOT_SUPPORTED", "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP",
    "DELTA_CANNOT_CHANGE_DATA_TYPE", "DELTA_UNSUPPORTED_TYPE_CHANGE_IN_PREVIEW", "NOT_SUPPORTED_CHANGE_COLUMN":
    return .typeChange
  case "PARSE_SYNTAX_ERROR": return .syntax
  case "UNRESOLVED_COLUMN": return .missing
  case "INSUFFICIENT_PERMISSIONS", "PERMISSION_DENIED": return .forbidden
  case "DELTA_METADATA_CHANGED", "DELTA_PROTOCOL_CHANGED": return .conflict
  case _ where name.hasPrefix("DELTA_CONCURRENT_"): return .conflict
  case _ where name.hasSuffix("_ALREADY_EXISTS"): return .exists
  case _ where name.hasSuffix("_NOT_FOUND"): return .missing
  case _ where name.contains("NOT_NULL"): return .notEmpty
  default: break
  }
  switch state {
  case "42601": return .syntax
  case "42P01", "42703", "42704": return .missing
  case "42P06", "42P07", "42710", "42711": return .exists
  case "42501": return .forbidden
  case "42837", "429BQ": return .typeChange
  case "23502": return .notEmpty
  case "2BP01": return .dependants
  case "2D521": return .conflict
  default: return nil
  }
}

private func kind(code: String, status: Int) -> ServiceError.Kind {
  switch code {
  case "UNAUTHENTICATED": return .unauthorized
  case "PERMISSION_DENIED": return .forbidden
  case "NOT_FOUND", "RESOURCE_DOES_NOT_EXIST": return .missing
  case "ALREADY_EXISTS", "RESOURCE_ALREADY_EXISTS": return .exists
  case "RESOURCE_EXHAUSTED", "REQUEST_LIMIT_EXCEEDED": return .rateLimited
  case "DEADLINE_EXCEEDED": return .timedOut
  case "CANCELLED": return .cancelled
  case "TEMPORARILY_UNAVAILABLE", "SERVICE_UNDER_MAINTENANCE", "WORKSPACE_TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR",
    "IO_ERROR":
    return .unavailable
  default: break
  }
  switch status {
  case 401: return .unauthorized
  case 403: return .forbidden
  case 404: return .missing
  case 408: return .timedOut
  case 429: return .rateLimited
  case 500...: return .unavailable
  default: return .refused
  }
}

private func hint(_ condition: String) -> String? {
  switch condition.prefix(while: { $0 != "." }) {
  case "DELTA_UNSUPPORTED_RENAME_COLUMN", "DELTA_UNSUPPORTED_DROP_COLUMN":
    "the table needs delta.columnMapping.mode = name, which its owner sets once: it raises the table's protocol"
  case "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP", "DELTA_ALTER_TABLE_CHANGE_COL_NOT_SUPPORTED":
    "the change needs a new column and a copy, or delta.enableTypeWidening on the table, which its owner sets once"
  default: nil
  }
}
