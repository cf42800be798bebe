import DriftCore
import JSON
import Transport

extension GitLabAPI {
  func issues(isThorough: Bool, _ activity: String) async throws -> [HostedIssue] {
    let path = "\(project)/issues?scope=created_by_me&order_by=created_at&sort=asc&per_page=100"
    return try await client.list(path, activity).map { node in
      guard let issue = hosted(node) else { throw client.unreadableIssue(path, activity) }
      return issue
    }
  }

  func issue(_ number: Int, _ activity: String) async throws -> HostedIssue? {
    let path = "\(project)/issues/\(number)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    return hosted(try hostedValue(response, client.product, activity, client.place("GET", path)))
  }

  func openIssue(_ title: String, _ body: String, _ activity: String) async throws -> HTTPResponse {
    try await client.send(
      "POST", "\(project)/issues", ["title": .string(title), "description": .string(body)], activity)
  }

  func made(issue answer: JSONValue) -> HostedIssue? { hosted(answer) }

  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws {
    try await client.value(
      "PUT", "\(project)/issues/\(number)", ["description": .string(body)], activity, isRepeatable: true)
  }

  /// Ours, as it was asked for.
  private func hosted(_ node: JSONValue) -> HostedIssue? {
    guard let iid = node["iid"]?.int, let url = node["web_url"]?.string, let state = node["state"]?.string,
      let body = nullableText(node["description"])
    else { return nil }
    return HostedIssue(number: iid, url: url, isOpen: state == "opened", body: body, isOwn: true)
  }
}
