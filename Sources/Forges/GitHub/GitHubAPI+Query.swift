import DriftCore
import JSON
import Synchronization
import Transport

extension GitHubAPI {
  /// One request for each 100 that are open or closed without merging, whichever are more.
  ///
  /// The issues that may be the dashboard come along with the first page; where the token may not see any, another request
  /// goes without them.
  func list(_ activity: String) async throws -> [HostedPullRequest] {
    try await readLists(
      ["open", "closed"], counted: "totalCount", of: "pull request", activity, at: queryPlace,
      page: { lists, isFirst in
        let text = lists.map(selection).joined(separator: "\n")
        return isFirst ? try await withIssues(text, activity) : try await query("", text, [:], activity)
      }, node: hosted)
  }

  /// By time of creation, because what is updated meanwhile would move from page to page.
  private func selection(of list: CursorList) -> String {
    """
    \(list.name): pullRequests(states: [\(list.name.uppercased())], \(list.arguments), \
    orderBy: {field: CREATED_AT, direction: DESC}) {
      \(list.pageFields)
      nodes {
        \(Self.fields)
        \(list.name == "closed" ? Self.closingFields : "")
      }
    }
    """
  }

  private func withIssues(_ lists: String, _ activity: String) async throws -> JSONValue {
    do {
      let field = "\(Self.issuesField(isThorough: false))\n\(lists)"
      let repository = try await query("", field, [:], activity)
      let issues = try issues(in: repository, activity)
      listedIssues.withLock { $0 = issues }
      return repository
    } catch let error as ForgeError where error.code == .forbidden {
      // Whoever looks for the dashboard is told.
      listedIssues.withLock { $0 = nil }
      return try await query("", lists, [:], activity)
    }
  }

  /// With our own of the last comments, in the same request.
  func pullRequest(_ number: Int, _ activity: String) async throws -> HostedPullRequest? {
    try await page(of: number, before: nil, activity).0
  }

  /// The pull request with our own of the comments before `cursor`, and the cursor of those before them.
  func page(
    of number: Int, before cursor: String?, _ activity: String
  ) async throws -> (HostedPullRequest, next: String?) {
    let before = cursor.map { ", before: \(JSONValue.string($0).text)" } ?? ""
    let field = """
      pullRequest(number: $number) {
        \(Self.fields)
        comments(last: \(Self.pageSize)\(before)) {
          pageInfo { hasPreviousPage startCursor }
          nodes { fullDatabaseId body viewerDidAuthor }
        }
      }
      """
    let repository = try await query("$number: Int!", field, ["number": JSONValue(number)], activity)
    guard let node = repository["pullRequest"], var found = hosted(node), found.number == number,
      let info = node["comments"]?["pageInfo"], let hasEarlier = info["hasPreviousPage"]?.bool
    else { throw unreadable("the pull request lacks a field", activity) }
    found.hasEarlierComments = hasEarlier
    return (found, info["startCursor"]?.string)
  }

  func open(_ branch: String, onto base: String, _ activity: String) async throws -> [HostedPullRequest] {
    let field = "open: pullRequests(states: [OPEN], headRefName: $branch, first: 20) { nodes { \(Self.fields) } }"
    let repository = try await query("$branch: String!", field, ["branch": .string(branch)], activity)
    guard let nodes = repository["open"]?["nodes"]?.array else {
      throw unreadable("the list of pull requests is missing", activity)
    }
    return try pullRequests(nodes, activity)
  }

  /// Asks about the repository.
  ///
  /// - Parameters:
  ///   - declared: variables beside the repository's owner and name.
  ///   - selection: below `repository`.
  func query(
    _ declared: String, _ selection: String, _ variables: JSONValue, _ activity: String
  ) async throws -> JSONValue {
    let text = """
      query ($owner: String!, $name: String!\(declared.isEmpty ? "" : ", \(declared)")) {
        repository(owner: $owner, name: $name, followRenames: false) {
          nameWithOwner viewerDefaultMergeMethod
          \(selection)
        }
      }
      """
    let own = [JSONMember("owner", .string(rest.owner)), JSONMember("name", .string(rest.name))]
    let answer = try await ask(text, .object(own + (variables.members ?? [])), activity, isRead: true)
    guard let repository = answer["data"]?["repository"], !repository.isNull,
      answer["errors"]?.array?.isEmpty ?? true
    else { throw refusal(answer, activity) }
    guard repository["nameWithOwner"]?.string?.lowercased() == "\(rest.owner)/\(rest.name)".lowercased() else {
      throw unreadable("the answer is about another repository", activity)
    }
    learnt.withLock { $0.mergeMethod = repository["viewerDefaultMergeMethod"]?.string }
    return repository
  }

  /// The whole answer, errors included. Asking twice does no harm.
  func ask(_ text: String, _ variables: JSONValue, _ activity: String, isRead: Bool) async throws -> JSONValue {
    let body: JSONValue = ["query": .string(text), "variables": variables]
    let response = try await client.send("POST", url: graphQL, body, activity, isRead: isRead, isRepeatable: true)
    guard response.status == 200 else { throw hostedRefusal(response, .gitHub, activity, queryPlace) }
    return try hostedValue(response, .gitHub, activity, queryPlace)
  }

  func unreadable(_ finding: String, _ activity: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: queryPlace, finding)
  }

  private var queryPlace: String { "POST \(graphQL)" }

  private func refusal(_ answer: JSONValue, _ activity: String) -> ForgeError {
    let errors = answer["errors"]?.array ?? []
    let types = errors.compactMap { $0["type"]?.string }
    let words = errors.compactMap { $0["message"]?.string }.map(oneLine).joined(separator: "; ")
    let isRepository = errors.contains { $0["path"]?.array?.count == 1 }
    func error(_ code: ForgeError.Code, _ finding: String, _ wayOut: String? = nil) -> ForgeError {
      ForgeError(code, activity, at: queryPlace, finding, wayOut: wayOut)
    }
    if types.contains("NOT_FOUND"), !isRepository {
      return error(.noSuchPullRequest, "there is no such pull request")
    }
    if types.contains("NOT_FOUND") {
      return error(
        .noAccess, "the repository is not there, or not visible to this token",
        "check forge.repository, whether it was renamed, and that the token was given it")
    }
    if types.contains("FORBIDDEN") || types.contains("INSUFFICIENT_SCOPES") {
      return error(.forbidden, "not allowed: \(words)", "\(client.product.rights); see docs/forges.md")
    }
    return error(.unreadable, "the answer has no data: \(words)")
  }

  // MARK: - Pull requests

  /// What has to be asked for each.
  static let fields = """
    id number url state title body headRefName headRefOid isCrossRepository viewerDidAuthor
    author { login }
    autoMergeRequest { enabledAt }
    labels(first: 100) { nodes { name } }
    labelled: timelineItems(first: 1, itemTypes: [LABELED_EVENT]) { nodes { __typename } }
    """

  /// What is asked for besides where a list is of closed ones.
  private static let closingFields = """
    closedAt
    ended: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { login } } } }
    said: comments(last: 10) { nodes { body createdAt viewerDidAuthor author { login } } }
    """

  private func pullRequests(_ nodes: [JSONValue], _ activity: String) throws(ForgeError) -> [HostedPullRequest] {
    try nodes.map { node throws(ForgeError) in
      guard let found = hosted(node) else { throw unreadable("a pull request lacks a field", activity) }
      return found
    }
  }

  /// Nil where a field is missing or of another kind.
  private func hosted(_ node: JSONValue) -> HostedPullRequest? {
    let states: [String: HostedPullRequest.State] = ["OPEN": .open, "CLOSED": .closed, "MERGED": .merged]
    guard let number = node["number"]?.int, let url = node["url"]?.string,
      let state = node["state"]?.string.flatMap({ states[$0] }), let title = node["title"]?.string,
      let body = node["body"]?.string, let branch = node["headRefName"]?.string,
      let head = node["headRefOid"]?.string, let isForeign = node["isCrossRepository"]?.bool,
      let isOwn = node["viewerDidAuthor"]?.bool, let labelings = node["labelled"]?["nodes"]?.array
    else { return nil }
    if let id = node["id"]?.string { learnt.withLock { $0.ids[number] = id } }
    return HostedPullRequest(
      number: number, url: url, state: state, title: title, body: body, branch: branch, head: CommitID(head),
      isForeign: isForeign, isOwn: isOwn, author: node["author"]?["login"]?.string,
      labels: (node["labels"]?["nodes"]?.array ?? []).compactMap { $0["name"]?.string },
      isAutoMerged: node["autoMergeRequest"].map { !$0.isNull } ?? false, closing: closing(node),
      comments: node["comments"]?["nodes"]?.array?.compactMap { comment in
        guard comment["viewerDidAuthor"]?.bool == true, let body = comment["body"]?.string,
          let id = comment["fullDatabaseId"]?.string
        else { return nil }
        return HostedNote(id: id, body: body)
      }, isBare: labelings.isEmpty)
  }
}

/// Nil where it is not closed, or was not asked for. The reason is the last comment that whoever closed it wrote, in the hour
/// before it or since.
private func closing(_ node: JSONValue) -> Closing? {
  guard let at = node["closedAt"]?.string.flatMap({ Timestamp(iso8601: $0) }) else { return nil }
  let by = node["ended"]?["nodes"]?.array?.last?["actor"]?["login"]?.string
  let comment = node["said"]?["nodes"]?.array?.last { comment in
    guard let by, comment["author"]?["login"]?.string == by, comment["viewerDidAuthor"]?.bool == false,
      let written = comment["createdAt"]?.string.flatMap({ Timestamp(iso8601: $0) })
    else { return false }
    return at.adding(seconds: -3_600) <= written
  }
  return Closing(by: by, reason: comment?["body"]?.string, at: at)
}
