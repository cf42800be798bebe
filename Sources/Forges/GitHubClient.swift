import DriftCore
import JSON
import Transport

/// Requests to one repository: GraphQL for what reads, REST for what writes.
struct GitHubClient: Sendable {
  let address: GitHubAddress
  let access: GitHubAccess
  let patience: Patience

  /// Asks GraphQL about the repository; returns the `repository` object, whose `nameWithOwner` the query has to ask for.
  func query(_ text: String, _ variables: JSONValue, _ activity: String) async throws -> JSONValue {
    let own: [JSONMember] = [
      JSONMember("owner", .string(address.owner)), JSONMember("name", .string(address.name)),
    ]
    let body: JSONValue = [
      "query": .string(text), "variables": .object(own + (variables.members ?? [])),
    ]
    let response = try await send("POST", address.graphQL, body, isRead: true, activity)
    let place = "POST \(address.graphQL)"
    guard response.status == 200 else { throw hostedRefusal(response, .gitHub, activity, place) }
    let answer = try hostedValue(response, .gitHub, activity, place)
    guard let repository = answer["data"]?["repository"], !repository.isNull,
      answer["errors"]?.array?.isEmpty ?? true
    else { throw refusal(answer, activity, place) }
    guard repository["nameWithOwner"]?.string?.lowercased() == address.repository.lowercased() else {
      throw ForgeError(.unreadable, activity, at: place, "the answer is about another repository")
    }
    return repository
  }

  /// Sends a write to a path below the repository; returns the answer whatever its status.
  func write(
    _ method: String, _ segments: [String], _ body: JSONValue? = nil, _ activity: String,
    isRepeatable: Bool = false
  ) async throws -> HTTPResponse {
    try await send(
      method, url(segments), body, isRead: false, isRepeatable: isRepeatable, activity)
  }

  func read(_ segments: [String], _ activity: String) async throws -> HTTPResponse {
    try await send("GET", url(segments), nil, isRead: true, activity)
  }

  func place(_ method: String, _ segments: [String]) -> String { "\(method) \(url(segments))" }

  private func url(_ segments: [String]) -> String {
    let path = ["repos", address.owner, address.name] + segments
    return "\(address.api)/\(path.map(percentEncoded).joined(separator: "/"))"
  }

  private func send(
    _ method: String, _ url: String, _ body: JSONValue?, isRead: Bool, isRepeatable: Bool = false,
    _ activity: String
  ) async throws -> HTTPResponse {
    try await patience.send(isRead: isRead, activity) {
      gitHubRequest(
        method, url, token: try await access.value(), body: body, isRepeatable: isRead || isRepeatable)
    }
  }

  private func refusal(_ answer: JSONValue, _ activity: String, _ place: String) -> ForgeError {
    let errors = answer["errors"]?.array ?? []
    let types = errors.compactMap { $0["type"]?.string }
    let words = errors.compactMap { $0["message"]?.string }.map(oneLine).joined(separator: "; ")
    let isRepository = errors.contains { $0["path"]?.array?.count == 1 }
    if types.contains("NOT_FOUND"), !isRepository {
      return ForgeError(.noSuchPullRequest, activity, at: place, "there is no such pull request")
    }
    if types.contains("NOT_FOUND") {
      return ForgeError(
        .noAccess, activity, at: place, "the repository is not there, or not visible to this token",
        wayOut: "check forge.repository, whether it was renamed, and that the token was given it")
    }
    if types.contains("FORBIDDEN") || types.contains("INSUFFICIENT_SCOPES") {
      return ForgeError(
        .forbidden, activity, at: place, "not allowed: \(words)",
        wayOut: "\(HostedProduct.gitHub.rights); see docs/forges.md")
    }
    return ForgeError(.unreadable, activity, at: place, "the answer has no data: \(words)")
  }
}

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
