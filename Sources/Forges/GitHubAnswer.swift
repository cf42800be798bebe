import DriftCore
import JSON
import Transport

/// One request as GitHub wants it.
func gitHubRequest(
  _ method: String, _ url: String, token: Secret, body: JSONValue?, isRepeatable: Bool? = nil
) -> HTTPRequest {
  var headers = [
    HTTPHeader("Accept", "application/vnd.github+json"),
    HTTPHeader("Authorization", secret: Secret("Bearer \(token.reveal())")),
    HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
  ]
  if body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
  return HTTPRequest(
    method: method, url: url, headers: headers, body: body.map { Array($0.text.utf8) },
    isRepeatable: isRepeatable)
}

/// The answer's document. An HTML page with status 200, which proxies and sign-in pages give, is none.
func gitHubValue(
  _ response: HTTPResponse, _ activity: String, _ place: String
) throws(ForgeError) -> JSONValue {
  do {
    return try JSONValue.parse(response.body)
  } catch {
    throw ForgeError(
      .unreadable, activity, at: place, "the answer cannot be read: \(error)",
      wayOut: "check that forge.api is GitHub's API and is reached directly")
  }
}

/// What an answer with another status than the expected one means.
func gitHubRefusal(_ response: HTTPResponse, _ activity: String, _ place: String) -> ForgeError {
  let said = gitHubMessages(response)
  let words = said.isEmpty ? "" : ": \(said.map(oneLine).joined(separator: "; "))"
  func error(_ code: ForgeError.Code, _ finding: String, _ wayOut: String? = nil) -> ForgeError {
    ForgeError(code, activity, at: place, finding + words, wayOut: wayOut)
  }
  switch response.status {
  case 401:
    return error(.unauthorized, "not authorized", "check forge.token, and whether it expired")
  case 403:
    return error(
      .forbidden, "not allowed", "the token needs \"Pull requests: write\" on this repository; see docs/forges.md")
  case 404, 410:
    return error(
      .noAccess, "not found, or not visible to this token",
      "check forge.repository, and that the token was given this repository")
  case 300..<400:
    return error(
      .moved, "GitHub answers with a redirect, which is not followed",
      "if the repository was renamed or moved, write its new name into forge.repository")
  case 422: return error(.invalid, "refused as invalid")
  default:
    return error(.unavailable(status: response.status), "GitHub answered \(response.status)", "try again later")
  }
}

/// What GitHub says in its own words: the message, then one for each field.
func gitHubMessages(_ response: HTTPResponse) -> [String] {
  guard let body = try? JSONValue.parse(response.body) else { return [] }
  let details = (body["errors"]?.array ?? []).compactMap { error -> String? in
    if let message = error["message"]?.string ?? error.string { return message }
    guard let field = error["field"]?.string, let code = error["code"]?.string else { return nil }
    return "\(field): \(code)"
  }
  return (body["message"]?.string).map { [$0] + details } ?? details
}

/// How long GitHub wants to be left alone; nil where the answer is about something else.
///
/// `.some(nil)` where it does not say how long, as for many secondary limits.
func gitHubLimit(_ response: HTTPResponse) -> Duration?? {
  let isGraphQL = response.status == 200
  if isGraphQL {
    guard let body = try? JSONValue.parse(response.body),
      (body["errors"]?.array ?? []).contains(where: { $0["type"]?.string == "RATE_LIMITED" })
    else { return nil }
  } else {
    guard response.status == 403 || response.status == 429 else { return nil }
  }
  if let wait = retryAfter(response) { return .some(wait) }
  if response.header("x-ratelimit-remaining") == "0" {
    guard let reset = response.header("x-ratelimit-reset").flatMap({ Int64($0) }),
      let now = response.header("date").flatMap(seconds(ofHTTPDate:))
    else { return .some(nil) }
    // A second more, because both are whole seconds.
    return .some(.seconds(min(max(0, reset - now), 1 << 32) + 1))
  }
  if isGraphQL || response.status == 429 { return .some(nil) }
  let isLimit = gitHubMessages(response).contains { message in
    let message = message.lowercased()
    return message.contains("rate limit") || message.contains("abuse")
  }
  return isLimit ? .some(nil) : nil
}
