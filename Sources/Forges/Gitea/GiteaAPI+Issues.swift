import DriftCore
import JSON
import Transport

extension GiteaAPI {
  func issues(isThorough: Bool, _ activity: String) async throws -> [HostedIssue] {
    let me = try await login(activity)
    let path = "\(rest.path)/issues?type=issues&state=all&created_by=\(percentEncoded(me))&limit=50"
    let found = try await client.list(path, activity).filter { $0["pull_request"]?.members == nil }.map { node in
      guard let issue = rest.hosted(issue: node, me) else { throw client.unreadableIssue(path, activity) }
      return issue
    }
    return found.sorted { $0.number < $1.number }
  }

  func issue(_ number: Int, _ activity: String) async throws -> HostedIssue? {
    let path = "\(rest.path)/issues/\(number)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let node = try hostedValue(response, client.product, activity, client.place("GET", path))
    return rest.hosted(issue: node, try await login(activity))
  }

  func openIssue(_ title: String, _ body: String, _ activity: String) async throws -> HTTPResponse {
    try await rest.openIssue(["title": .string(title), "body": .string(body)], activity)
  }

  func made(issue answer: JSONValue) -> HostedIssue? { rest.hosted(issue: answer, nil) }

  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws {
    try await rest.writeIssue(number, body, activity)
  }
}
