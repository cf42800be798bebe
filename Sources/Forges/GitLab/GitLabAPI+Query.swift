import DriftCore
import JSON
import Transport

extension GitLabAPI {
  /// One request for each 100 of ours that are open or closed without merging, whichever are more.
  func list(_ activity: String) async throws -> [HostedPullRequest] {
    try await readLists(
      ["opened", "closed"], counted: "count", of: "merge request", activity, at: place,
      page: { lists, _ in try await query(lists.map(selection).joined(separator: "\n"), activity) }, node: listed)
  }

  /// By time of creation, because what is updated meanwhile would move from page to page.
  private func selection(of list: CursorList) -> String {
    """
    \(list.name): authoredMergeRequests(\
    projectPath: $path, state: \(list.name), sort: CREATED_DESC, \(list.arguments)) {
      \(list.pageFields)
      nodes {
        iid webUrl state title description sourceBranch diffHeadSha sourceProjectId targetProjectId autoMergeEnabled
        closedAt
        author { username }
        labels(first: 100) { nodes { title } }
      }
    }
    """
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
    guard let me = data["currentUser"], let found = data["project"] else {
      throw unreadable("our account or the project is missing", activity)
    }
    if me.isNull {
      throw ForgeError(.unauthorized, activity, at: place, "not authorized", wayOut: "check forge.token")
    }
    if found.isNull {
      throw ForgeError(
        .noAccess, activity, at: place, "the project \(path) is not there, or not visible to this token",
        wayOut: "check forge.repository, whether it was renamed, and that the token was given it")
    }
    guard let project = found["fullPath"]?.string else { throw unreadable("the project has no path", activity) }
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
      let author = node["author"]?["username"]?.string, let labels = node["labels"]?["nodes"]?.array,
      let body = nullableText(node["description"]), let source = node["sourceProjectId"],
      // Null where the fork is gone.
      source.isNull || source.int != nil
    else { return nil }
    return HostedPullRequest(
      number: number, url: url, state: state, title: title, body: body, branch: branch,
      head: node["diffHeadSha"]?.string.map { CommitID($0) }, isForeign: source.int != target, isOwn: true,
      author: author, labels: labels.compactMap { $0["title"]?.string },
      isAutoMerged: node["autoMergeEnabled"]?.bool == true,
      // Since GitLab 17.4. Who closed it is only in the other interface.
      closing: Closing(at: node["closedAt"]?.string.flatMap { Timestamp(iso8601: $0) }))
  }
}
