import DriftCore
import JSON
import Synchronization
import Transport

extension HostedKind {
  package static let gitea = HostedKind(name: "gitea") { try GiteaAPI(.gitea, $0) }
  package static let forgejo = HostedKind(name: "forgejo") { try GiteaAPI(.forgejo, $0) }
}

extension HostedProduct {
  static let gitea = HostedProduct(name: "Gitea", rights: giteaRights)
  static let forgejo = HostedProduct(name: "Forgejo", rights: giteaRights)

  private static let giteaRights = "the token needs write:repository, write:issue and read:user"
}

/// Gitea and Forgejo, whose interface is the same.
final class GiteaAPI: HostedAPI {
  let rest: RepositoryREST
  let kept: KeptAccount
  let memory = Mutex(Memory())

  /// What this run has learnt. Losing it costs requests.
  struct Memory {
    var account: GiteaAccount?
    /// Of the last list, until they are asked for.
    var issues: [HostedIssue]?
    /// Ids by name.
    var labels: [String: Int]?
    /// Lower-case logins of those whom the repository takes as reviewers.
    var reviewers: Set<String>?
  }

  init(_ product: HostedProduct, _ settings: HostedSettings) throws {
    let names = try settings.names(2...2, form: "owner/name")
    let token = try settings.token()
    let api = try settings.api(or: nil)
    kept = KeptAccount(api: api, token: token, cache: settings.cache)
    let header = HTTPHeader("Authorization", secret: Secret("token \(token.reveal())"))
    let client = settings.client(product, api: api) {
      [HTTPHeader("Accept", "application/json"), header]
    }
    rest = RepositoryREST(client: client, owner: names[0], name: names[1])
  }

  var client: HostedClient { rest.client }
  var collection: String { "\(rest.path)/pulls" }

  /// One request for each 50 pull requests and issues that our account ever opened, and one where it is not known who we are.
  /// The issues come along for the dashboard.
  func list(_ activity: String) async throws -> [HostedPullRequest] {
    let (me, nodes) = try await items(activity)
    let issues = try issues(in: nodes, of: me, activity)
    memory.withLock { $0.issues = issues }
    var found: [HostedPullRequest] = []
    for node in try pullRequests(in: nodes, activity) {
      guard let pullRequest = hosted(node, me) else { throw unreadable("GET", "\(rest.path)/issues", activity) }
      guard pullRequest.isOwn, pullRequest.state != .merged else { continue }
      if pullRequest.branch == nil, pullRequest.state == .open {
        // Somebody took the marker away, and the list does not say which branch it is for.
        if let whole = try await self.pullRequest(pullRequest.number, activity) { found.append(whole) }
      } else {
        found.append(pullRequest)
      }
    }
    return found
  }

  func pullRequest(_ number: Int, _ activity: String) async throws -> HostedPullRequest? {
    let path = "\(collection)/\(number)"
    let found = try await one(path, activity)
    guard found.map({ $0.number == number }) ?? true else { throw unreadable("GET", path, activity) }
    return found
  }

  func open(_ branch: String, onto base: String, _ activity: String) async throws -> [HostedPullRequest] {
    let branch = branch.split(separator: "/").map { percentEncoded(String($0)) }.joined(separator: "/")
    return try await one("\(collection)/\(percentEncoded(base))/\(branch)", activity).map { [$0] } ?? []
  }

  func create(_ draft: PullRequestDraft, _ text: HostedText, _ activity: String) async throws -> HTTPResponse {
    let labels = try await ids(of: text.marker.labels, activity)
    let fields: JSONValue = [
      "head": .string(draft.branch), "base": .string(draft.base), "title": .string(text.title),
      "body": .string(text.body), "labels": .array(labels.map { JSONValue($0) }),
    ]
    return try await client.send("POST", collection, fields, activity)
  }

  func made(_ answer: JSONValue) -> (number: Int, url: String, branch: String, author: String)? { rest.made(answer) }

  /// Who was asked for a review is not in the list.
  func marksBegun(_ draft: PullRequestDraft) -> Bool {
    !Reviewers(draft.reviewers, owner: rest.owner, author: nil, unknown: []).isEmpty
  }

  /// Asks for reviews, of people whom the repository takes. Where a team is refused, people are asked without it.
  func complete(_ made: HostedPullRequest, _ draft: PullRequestDraft, _ activity: String) async throws {
    var reviewers = Reviewers(draft.reviewers, owner: rest.owner, author: made.author, unknown: [])
    if reviewers.isEmpty { return }
    let taken = try await possibleReviewers(activity)
    reviewers.users = reviewers.users.filter { taken.contains($0.lowercased()) }
    if try await rest.request(reviewers, for: made.number, activity) || reviewers.teams.isEmpty { return }
    reviewers.teams = []
    _ = try await rest.request(reviewers, for: made.number, activity)
  }

  func edit(_ found: HostedPullRequest, _ edit: HostedEdit, _ activity: String) async throws -> Bool {
    try await rest.edit(found, edit, activity) {
      try await rest.setLabels(
        added: try await ids(of: edit.labels.added, activity).map { JSONValue($0) },
        removed: edit.labels.removed.compactMap { found.labelIDs[$0] }.map(String.init), of: found.number, activity)
    }
  }

  func comments(on found: HostedPullRequest, _ activity: String) async throws -> [HostedNote] {
    let me = try await account(activity)
    return try await client.list("\(rest.path)/issues/\(found.number)/comments", activity).compactMap { comment in
      guard me.wrote(comment), let id = comment["id"]?.int,
        let body = comment["body"]?.string
      else { return nil }
      return HostedNote(id: String(id), body: body)
    }
  }

  /// One request each: only what happened to it tells.
  func closings(of numbers: [Int], _ activity: String) async throws -> [Int: Closing] {
    var closings: [Int: Closing] = [:]
    for number in numbers {
      let events = try await client.list("\(rest.path)/issues/\(number)/timeline?limit=50", activity)
      guard let last = events.last(where: { $0["type"]?.string == "close" }) else { continue }
      closings[number] = Closing(
        by: last["user"]?["login"]?.string, at: last["created_at"]?.string.flatMap { Timestamp(iso8601: $0) })
    }
    return closings
  }

  func write(
    _ body: String, over note: HostedNote?, on found: HostedPullRequest, _ activity: String
  ) async throws {
    try await rest.write(body, over: note, on: found.number, activity)
  }

  /// The labels' ids; those that the repository lacks are made.
  private func ids(of names: [String], _ activity: String) async throws -> [Int] {
    if names.isEmpty { return [] }
    var known = memory.withLock({ $0.labels }) ?? [:]
    if known.isEmpty {
      for label in try await client.list("\(rest.path)/labels?limit=50", activity) {
        if let name = label["name"]?.string, let id = label["id"]?.int { known[name] = id }
      }
    }
    for name in names where known[name] == nil {
      let made = try await client.value(
        "POST", "\(rest.path)/labels", ["name": .string(name), "color": "#1f6feb"], activity, expected: [201])
      known[name] = made["id"]?.int
    }
    memory.withLock { [known] in $0.labels = known }
    return names.compactMap { known[$0] }
  }

  private func possibleReviewers(_ activity: String) async throws -> Set<String> {
    if let known = memory.withLock({ $0.reviewers }) { return known }
    let response = try await client.send("GET", "\(rest.path)/reviewers", nil, activity)
    if response.status == 401 { throw client.refusal(response, "GET", "\(rest.path)/reviewers", activity) }
    // A pull request without reviewers is still one, so that what cannot be asked is no error.
    let list = response.status == 200 ? try? JSONValue.parse(response.body).array : nil
    let names = Set((list ?? []).compactMap { $0["login"]?.string?.lowercased() })
    memory.withLock { $0.reviewers = names }
    return names
  }

  private func one(_ path: String, _ activity: String) async throws -> HostedPullRequest? {
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let answer = try hostedValue(response, client.product, activity, client.place("GET", path))
    guard let found = hosted(answer, try await account(activity)), found.branch != nil else {
      throw unreadable("GET", path, activity)
    }
    return found
  }

  private func unreadable(_ method: String, _ path: String, _ activity: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: client.place(method, path), "a pull request lacks a field")
  }

  /// Read from the list of issues or by itself; nil where a field is missing or of another kind, or it is another repository's.
  private func hosted(_ node: JSONValue, _ me: GiteaAccount) -> HostedPullRequest? {
    guard let number = node["number"]?.int, let url = node["html_url"]?.string, let state = node["state"]?.string,
      ["open", "closed"].contains(state), let title = node["title"]?.string,
      let author = node["user"]?["login"]?.string, node["user"]?["id"]?.int != nil,
      let isMerged = (node["merged"] ?? node["pull_request"]?["merged"])?.bool, let body = nullableText(node["body"])
    else { return nil }
    let repository = (node["base"]?["repo"] ?? node["repository"])?["full_name"]?.string ?? "\(rest.owner)/\(rest.name)"
    guard repository.lowercased() == "\(rest.owner)/\(rest.name)".lowercased() else { return nil }
    let labels = (node["labels"]?.array ?? []).compactMap { label -> (String, Int)? in
      guard let name = label["name"]?.string, let id = label["id"]?.int else { return nil }
      return (name, id)
    }
    return HostedPullRequest(
      number: number, url: url, state: isMerged ? .merged : state == "open" ? .open : .closed, title: title,
      body: body,
      // The list of issues does not have it, so there it is what the marker says.
      branch: node["head"].map { $0["ref"]?.string } ?? PullRequestMarker(body: body)?.branch,
      head: node["head"]?["sha"]?.string.map { CommitID($0) },
      isForeign: node["head"]?["repo_id"]?.int != node["base"]?["repo_id"]?.int, isOwn: me.wrote(node), author: author,
      labels: labels.map(\.0), labelIDs: Dictionary(labels, uniquingKeysWith: { first, _ in first }),
      // Neither the issue nor the pull request says who closed it.
      closing: Closing(at: node["closed_at"]?.string.flatMap { Timestamp(iso8601: $0) }))
  }
}
