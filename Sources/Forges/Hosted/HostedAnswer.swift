import DriftCore
import JSON
import Transport

/// The answer's document. An HTML page with status 200, which proxies and sign-in pages give, is none.
func hostedValue(
  _ response: HTTPResponse, _ product: HostedProduct, _ activity: String, _ place: String
) throws(ForgeError) -> JSONValue {
  do {
    return try JSONValue.parse(response.body)
  } catch {
    throw ForgeError(
      .unreadable, activity, at: place, "the answer cannot be read: \(error)",
      wayOut: "check that forge.api is \(product.name)'s API and is reached directly")
  }
}

/// A text that may be null, which reads as empty; nil where it is missing or of another kind.
func nullableText(_ value: JSONValue?) -> String? {
  value.flatMap { $0.isNull ? "" : $0.string }
}

/// What an answer with another status than the expected one means.
func hostedRefusal(
  _ response: HTTPResponse, _ product: HostedProduct, _ activity: String, _ place: String
) -> ForgeError {
  let said = hostedMessages(response)
  let words = said.isEmpty ? "" : ": \(said.map(oneLine).joined(separator: "; "))"
  func error(_ code: ForgeError.Code, _ finding: String, _ wayOut: String? = nil) -> ForgeError {
    ForgeError(code, activity, at: place, finding + words, wayOut: wayOut)
  }
  switch response.status {
  case 401: return error(.unauthorized, "not authorized", "check forge.token, and whether it expired")
  case 403: return error(.forbidden, "not allowed", "\(product.rights); see docs/forges.md")
  case 404, 410:
    return error(
      .noAccess, "not found, or not visible to this token",
      "check forge.repository, and that the token was given this repository")
  case 300..<400:
    return error(
      .moved, "\(product.name) answers with a redirect, which is not followed",
      "if the repository was renamed or moved, write its new name into forge.repository")
  case 400, 405, 406, 409, 412, 422: return error(.invalid, "refused as invalid")
  default:
    return error(
      .unavailable(status: response.status), "\(product.name) answered \(response.status)", "try again later")
  }
}

/// What a forge says in its own words: the message, then one for each field.
func hostedMessages(_ response: HTTPResponse) -> [String] {
  guard let body = try? JSONValue.parse(response.body) else { return [] }
  let details = (body["errors"]?.array ?? []).compactMap { error -> String? in
    if let message = error["message"]?.string ?? error.string { return message }
    guard let field = error["field"]?.string, let code = error["code"]?.string else { return nil }
    return "\(field): \(code)"
  }
  return texts(body["message"]) + texts(body["error"]) + details
}

/// A text, a list of them, or lists by field: GitLab has them all.
private func texts(_ value: JSONValue?) -> [String] {
  switch value {
  case .string(let text): [text]
  case .array(let elements): elements.flatMap { texts($0) }
  case .object(let members): members.flatMap { member in texts(member.value).map { "\(member.name): \($0)" } }
  case .null, .bool, .number, nil: []
  }
}

/// How long a forge wants to be left alone; nil where the answer is about something else.
///
/// `.some(nil)` where it does not say how long, as for many of GitHub's secondary limits.
func hostedLimit(_ response: HTTPResponse) -> Duration?? {
  let isGraphQL = response.status == 200
  if isGraphQL {
    guard isGraphQLLimit(response) else { return nil }
  } else {
    guard response.status == 403 || response.status == 429 else { return nil }
  }
  if let wait = retryAfter(response) { return .some(wait) }
  for prefix in ["x-ratelimit", "ratelimit"] where response.header("\(prefix)-remaining") == "0" {
    guard let reset = response.header("\(prefix)-reset").flatMap({ Int64($0) }),
      let now = response.header("date").flatMap(seconds(ofHTTPDate:))
    else { return .some(nil) }
    // A second more, because both are whole seconds.
    return .some(.seconds(min(max(0, reset - now), 1 << 32) + 1))
  }
  if isGraphQL || response.status == 429 { return .some(nil) }
  let isLimit = hostedMessages(response).contains { message in
    let message = message.lowercased()
    return message.contains("rate limit") || message.contains("abuse")
  }
  return isLimit ? .some(nil) : nil
}

/// GraphQL's limit is an error beside status 200, in a short answer without data.
private func isGraphQLLimit(_ response: HTTPResponse) -> Bool {
  guard response.body.count < 4_096, let body = try? JSONValue.parse(response.body) else { return false }
  return (body["errors"]?.array ?? []).contains { $0["type"]?.string == "RATE_LIMITED" }
}
