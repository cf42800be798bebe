import DriftCore
import JSON
import Transport

/// Requests to one repository: GraphQL for what reads, REST for what writes.
///
/// Where GitHub asks for patience, the request waits and is sent again, which is safe for writes too, because what is limited
/// was not done; a longer wait than `maximumWait` is an error that says when to come back.
struct GitHubClient: Sendable {
  /// Of one request, all its waits together.
  static let maximumWait = Duration.seconds(120)
  /// Where GitHub asks for patience without saying how long: twice that the next time.
  static let unspecifiedWait = Duration.seconds(60)

  let address: GitHubAddress
  let access: GitHubAccess
  let transport: any HTTPTransport
  let pace: Pace

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
    guard response.status == 200 else { throw gitHubRefusal(response, activity, place) }
    let answer = try gitHubValue(response, activity, place)
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
    var waited = Duration.zero
    var unspecified = Self.unspecifiedWait
    while true {
      if !isRead { try await pace.turn() }
      let request = gitHubRequest(
        method, url, token: try await access.value(), body: body, isRepeatable: isRead || isRepeatable)
      let response = try await transport.send(request)
      guard let limit = gitHubLimit(response) else { return response }
      let wait = limit ?? unspecified
      guard waited + wait <= Self.maximumWait else {
        let seconds = Int(wait.components.seconds)
        throw ForgeError(
          .rateLimited(seconds: seconds), activity, at: request.place,
          "GitHub asks to wait \(seconds) s; nothing was written by this request",
          wayOut: "run again then; what is open already is found by its branch")
      }
      if limit == nil { unspecified *= 2 }
      waited += wait
      try await pace.sleep(for: wait)
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
        wayOut: "the token needs \"Pull requests: write\" on this repository; see docs/forges.md")
    }
    return ForgeError(.unreadable, activity, at: place, "the answer has no data: \(words)")
  }
}
