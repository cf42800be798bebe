import DriftCore
import JSON
import Transport

extension GitHubAPI {
  /// The dashboard wears it from the start, so that it is found among thousands.
  private static let label = "mooring-dashboard"
  private static let issueFields = "number url state body viewerDidAuthor"

  func issues(isThorough: Bool, _ activity: String) async throws -> [HostedIssue] {
    let filter = isThorough ? "first: 100" : "first: 20, labels: [\"\(Self.label)\"]"
    let field = "issues(\(filter), orderBy: {field: CREATED_AT, direction: ASC}) { nodes { \(Self.issueFields) } }"
    let repository = try await query("", field, [:], activity)
    guard let nodes = repository["issues"]?["nodes"]?.array else {
      throw unreadable("the list of issues is missing", activity)
    }
    return try nodes.map { node in
      guard let issue = hostedIssue(node) else { throw unreadable("an issue lacks a field", activity) }
      return issue
    }
  }

  func issue(_ number: Int, _ activity: String) async throws -> HostedIssue? {
    let field = "issue(number: $number) { \(Self.issueFields) }"
    let repository = try await query("$number: Int!", field, ["number": JSONValue(number)], activity)
    return repository["issue"].flatMap(hostedIssue)
  }

  func openIssue(_ title: String, _ body: String, _ activity: String) async throws -> HTTPResponse {
    try await rest.openIssue(
      ["title": .string(title), "body": .string(body), "labels": [.string(Self.label)]], activity)
  }

  func made(issue answer: JSONValue) -> HostedIssue? { rest.hosted(issue: answer) }

  func writeIssue(_ number: Int, _ body: String, _ activity: String) async throws {
    try await rest.writeIssue(number, body, activity)
  }

  private func hostedIssue(_ node: JSONValue) -> HostedIssue? {
    guard let number = node["number"]?.int, let url = node["url"]?.string, let state = node["state"]?.string,
      let body = node["body"]?.string, let isOwn = node["viewerDidAuthor"]?.bool
    else { return nil }
    return HostedIssue(number: number, url: url, isOpen: state == "OPEN", body: body, isOwn: isOwn)
  }
}
