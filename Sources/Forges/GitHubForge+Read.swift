import DriftCore
import JSON

extension GitHubForge {
  /// Open ones and those closed without merging that are ours, newest first.
  func list(_ activity: String) async throws -> [GitHubPullRequest] {
    var found: [Int: GitHubPullRequest] = [:]
    var wanted: [List] = [List(alias: "open", state: "OPEN"), List(alias: "closed", state: "CLOSED")]
    for _ in 0..<Self.maximumPages {
      let repository = try await client.query(query(wanted), [:], activity)
      var next: [List] = []
      for var list in wanted {
        guard let page = repository[list.alias], let nodes = page["nodes"]?.array,
          let hasNext = page["pageInfo"]?["hasNextPage"]?.bool
        else { throw unreadable("a list of pull requests is missing", activity) }
        for node in nodes {
          guard let pullRequest = GitHubPullRequest(node) else {
            throw unreadable("a pull request lacks a field", activity)
          }
          found[pullRequest.number] = pullRequest
        }
        guard hasNext else { continue }
        guard let cursor = page["pageInfo"]?["endCursor"]?.string, cursor != list.cursor else {
          throw unreadable("the next page is the same as the last", activity)
        }
        list.cursor = cursor
        next.append(list)
      }
      if next.isEmpty {
        return found.values.filter(\.isOurs).sorted { $0.number > $1.number }
      }
      wanted = next
    }
    throw ForgeError(
      .tooLarge, activity, at: client.address.repository,
      "more than \(Self.maximumPages * Self.pageSize) pull requests are open, or closed without merging",
      wayOut: "keep the contracts in a repository of their own")
  }

  func pullRequest(
    _ id: String, withComments: Bool, _ activity: String
  ) async throws -> GitHubPullRequest {
    guard let number = Int(id), number > 0, String(number) == id, number <= Int32.max else {
      throw ForgeError(
        .noSuchPullRequest, activity, at: "\"\(oneLine(id))\"", "there is no such pull request",
        wayOut: "on GitHub a pull request's id is its number")
    }
    let fields = GitHubPullRequest.fields + (withComments ? "\n" + GitHubPullRequest.commentFields : "")
    let query = """
      query ($owner: String!, $name: String!, $number: Int!) {
        repository(owner: $owner, name: $name, followRenames: false) {
          nameWithOwner
          pullRequest(number: $number) { \(fields) }
        }
      }
      """
    let repository = try await client.query(query, ["number": JSONValue(number)], activity)
    guard let found = repository["pullRequest"].flatMap(GitHubPullRequest.init), found.number == number else {
      throw unreadable("the pull request lacks a field", activity)
    }
    guard found.isOurs else { throw notOurs(found, activity) }
    return found
  }

  /// The open one of the draft's branch; nil where there is none. Throws where somebody else opened it.
  func find(_ draft: PullRequestDraft, _ activity: String) async throws -> GitHubPullRequest? {
    let query = """
      query ($owner: String!, $name: String!, $branch: String!) {
        repository(owner: $owner, name: $name, followRenames: false) {
          nameWithOwner
          open: pullRequests(states: [OPEN], headRefName: $branch, first: 20) {
            nodes { \(GitHubPullRequest.fields) }
          }
        }
      }
      """
    let repository = try await client.query(query, ["branch": .string(draft.branch)], activity)
    guard let nodes = repository["open"]?["nodes"]?.array else {
      throw unreadable("a list of pull requests is missing", activity)
    }
    // A fork may have a branch of the same name; and what is asked for is compared again.
    let found = nodes.compactMap(GitHubPullRequest.init).filter {
      $0.branch == draft.branch && $0.base == draft.base && $0.state == .open
    }
    if let ours = found.first(where: \.isOurs) { return ours }
    if let other = found.first(where: { !$0.isForeign }) { throw notOurs(other, activity) }
    return nil
  }

  private struct List {
    var alias: String
    var state: String
    var cursor: String?
  }

  /// By time of creation, because what is updated meanwhile would move from page to page.
  private func query(_ lists: [List]) -> String {
    let parts = lists.map { list in
      """
      \(list.alias): pullRequests(states: [\(list.state)], first: \(Self.pageSize)\
      \(list.cursor.map { ", after: \(JSONValue.string($0).text)" } ?? ""), \
      orderBy: {field: CREATED_AT, direction: DESC}) {
        pageInfo { hasNextPage endCursor }
        nodes { \(GitHubPullRequest.fields) }
      }
      """
    }
    return """
      query ($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name, followRenames: false) {
          nameWithOwner
          \(parts.joined(separator: "\n"))
        }
      }
      """
  }

  private func unreadable(_ finding: String, _ activity: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: "POST \(client.address.graphQL)", finding)
  }

  private func notOurs(_ found: GitHubPullRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .notOurs, activity, at: "#\(found.number)", "somebody else opened it",
      wayOut: "close or merge \(found.url), or run Mooring with the account that opened it")
  }
}
