import DriftCore
import JSON
import Transport

extension GitLabAPI {
  /// One request for each 100 of ours that are open or closed without merging, whichever are more.
  func list(_ activity: String) async throws -> [HostedPullRequest] {
    var found: [Int: HostedPullRequest] = [:]
    // Closed ones first: one that is closed in between is then in the second list as open, not in neither.
    var wanted = [List(state: "closed"), List(state: "opened")]
    for _ in 0..<Self.maximumPages {
      let me = try await query(wanted.map(\.text).joined(separator: "\n"), activity)
      var next: [List] = []
      for var list in wanted {
        guard let page = me[list.state], let nodes = page["nodes"]?.array,
          let hasNext = page["pageInfo"]?["hasNextPage"]?.bool
        else { throw unreadable("a list of merge requests is missing", activity) }
        for node in nodes {
          guard let mergeRequest = listed(node) else { throw unreadable("a merge request lacks a field", activity) }
          found[mergeRequest.number] = mergeRequest
        }
        guard hasNext else { continue }
        guard let cursor = page["pageInfo"]?["endCursor"]?.string, cursor != list.cursor else {
          throw unreadable("the next page is the same as the last", activity)
        }
        list.cursor = cursor
        next.append(list)
      }
      if next.isEmpty { return Array(found.values) }
      wanted = next
    }
    throw ForgeError(
      .tooLarge, activity, at: path,
      "more than \(Self.maximumPages * Self.pageSize) merge requests of this account are open, or closed without merging",
      wayOut: "keep the contracts in a project of their own")
  }

  /// Asks about our own account.
  ///
  /// - Parameter selection: below `currentUser`.
  private func query(_ selection: String, _ activity: String) async throws -> JSONValue {
    let text = """
      query ($id: ID!, $path: String!) {
        project(fullPath: $id) { fullPath }
        currentUser {
          \(selection)
        }
      }
      """
    let body: JSONValue = [
      "query": .string(text), "variables": ["id": .string(path), "path": .string(path)],
    ]
    let response = try await client.send("POST", url: graphQL, body, activity, isRead: true)
    guard response.status == 200 else { throw hostedRefusal(response, client.product, activity, place) }
    let answer = try hostedValue(response, client.product, activity, place)
    let errors = (answer["errors"]?.array ?? []).compactMap { $0["message"]?.string }
    guard errors.isEmpty, let data = answer["data"] else {
      throw unreadable("the answer has no data: \(errors.map(oneLine).joined(separator: "; "))", activity)
    }
    guard let me = data["currentUser"], !me.isNull else {
      throw ForgeError(.unauthorized, activity, at: place, "not authorized", wayOut: "check forge.token")
    }
    guard let project = data["project"]?["fullPath"]?.string else {
      throw ForgeError(
        .noAccess, activity, at: place, "the project \(path) is not there, or not visible to this token",
        wayOut: "check forge.repository, whether it was renamed, and that the token was given it")
    }
    guard project.lowercased() == path.lowercased() else {
      throw ForgeError(
        .moved, activity, at: place, "the project is \(oneLine(project)) by now",
        wayOut: "write its new name into forge.repository")
    }
    return me
  }

  private var place: String { "POST \(graphQL)" }

  private func unreadable(_ finding: String, _ activity: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: place, finding)
  }

  /// Nil where a field is missing or of another kind.
  private func listed(_ node: JSONValue) -> HostedPullRequest? {
    let states: [String: HostedPullRequest.State] = ["opened": .open, "closed": .closed]
    guard let number = node["iid"]?.string.flatMap({ Int($0) }), let url = node["webUrl"]?.string,
      let state = node["state"]?.string.flatMap({ states[$0] }), let title = node["title"]?.string,
      let branch = node["sourceBranch"]?.string, let target = node["targetProjectId"]?.int,
      let author = node["author"]?["username"]?.string, let labels = node["labels"]?["nodes"]?.array
    else { return nil }
    return HostedPullRequest(
      number: number, url: url, state: state, title: title, body: node["description"]?.string ?? "", branch: branch,
      head: node["diffHeadSha"]?.string.map { CommitID($0) },
      // Null where the fork is gone.
      isForeign: node["sourceProjectId"]?.int != target, isOwn: true, author: author,
      labels: labels.compactMap { $0["title"]?.string }, isAutoMerged: node["autoMergeEnabled"]?.bool == true)
  }
}

/// One list of merge requests of ours, and how far it was read.
private struct List {
  var state: String
  var cursor: String?

  /// By time of creation, because what is updated meanwhile would move from page to page.
  var text: String {
    let after = cursor.map { ", after: \(JSONValue.string($0).text)" } ?? ""
    return """
      \(state): authoredMergeRequests(\
      projectPath: $path, state: \(state), sort: CREATED_DESC, first: \(GitLabAPI.pageSize)\(after)) {
        pageInfo { hasNextPage endCursor }
        nodes {
          iid webUrl state title description sourceBranch diffHeadSha sourceProjectId targetProjectId autoMergeEnabled
          author { username }
          labels(first: 100) { nodes { title } }
        }
      }
      """
  }
}
