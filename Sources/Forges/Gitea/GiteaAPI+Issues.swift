import DriftCore
import JSON
import Synchronization
import Transport

extension GiteaAPI {
  func issues(isThorough: Bool, _ activity: String) async throws -> [HostedIssue] {
    let listed = memory.withLock { memory in
      defer { memory.issues = nil }
      return memory.issues
    }
    if let listed, !isThorough { return listed }
    let (me, nodes) = try await items(activity)
    return try issues(in: nodes, of: me, activity)
  }

  func issue(_ number: Int, _ activity: String) async throws -> HostedIssue? {
    let path = "\(rest.path)/issues/\(number)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let node = try hostedValue(response, client.product, activity, client.place("GET", path))
    return rest.hosted(issue: node, isOwn: try await account(activity).wrote(node))
  }

  func openIssue(_ title: String, _ body: String, _ activity: String) async throws -> HTTPResponse {
    try await rest.openIssue(["title": .string(title), "body": .string(body)], activity)
  }

  func made(issue answer: JSONValue) -> HostedIssue? { rest.hosted(issue: answer) }

  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws {
    try await rest.writeIssue(number, body, activity)
  }
}
