import DriftCore
import JSON
import Synchronization
import Transport

extension HostedKind {
  package static let gitLab = HostedKind(name: "gitlab") { try GitLabAPI($0) }
}

extension HostedProduct {
  /// GitLab takes 255 characters of title and 1,048,576 of text, and gives them back with six bytes for each `<`.
  static let gitLab = HostedProduct(
    name: "GitLab", noun: "merge request", mark: "!",
    rights: "the token needs the scope \"api\" and the role Developer in this project", failure: "failed",
    error: "failed", obeysText: true)
}

/// GitLab, gitlab.com or self-managed.
///
/// Lists ask for what our own account created, so that no request is needed to learn who we are. GraphQL for what a run begins
/// with, open and closed ones at once; REST for the rest.
final class GitLabAPI: HostedAPI {
  let client: HostedClient
  let graphQL: String
  /// `group/project`.
  let path: String
  /// `/projects/group%2Fproject`.
  let project: String
  /// Ids by user name, nil for one who is not there, as this run has learnt. Losing it costs requests.
  private let users = Mutex<[String: Int?]>([:])
  /// By id, those who have reviewed.
  let people = Mutex<[Int: Person]>([:])

  init(_ settings: HostedSettings) throws {
    let names = try settings.names(2...100, form: "group/project")
    path = names.joined(separator: "/")
    project = "/projects/\(percentEncoded(path))"
    let api = try settings.api(or: "https://gitlab.com/api/v4")
    // The two interfaces lie side by side.
    graphQL = (api.hasSuffix("/v4") ? String(api.dropLast("/v4".count)) : api) + "/graphql"
    let header = HTTPHeader("PRIVATE-TOKEN", secret: try settings.token())
    client = settings.client(.gitLab, api: api) {
      [HTTPHeader("Accept", "application/json"), header]
    }
  }

  var collection: String { "\(project)/merge_requests" }

  /// A list, because a single one would not say whether it is ours.
  func pullRequest(_ number: Int, _ activity: String) async throws -> HostedPullRequest? {
    try await ours("state=all&iids%5B%5D=\(number)", activity).first { $0.number == number && $0.isOurs }
  }

  /// In one request for 100: GraphQL does not tell who closed one.
  func closings(of numbers: [Int], _ activity: String) async throws -> [Int: Closing] {
    var closings: [Int: Closing] = [:]
    for start in stride(from: 0, to: numbers.count, by: 100) {
      let query = numbers[start..<min(start + 100, numbers.count)].map { "&iids%5B%5D=\($0)" }.joined()
      for found in try await ours("state=closed&per_page=100\(query)", activity) {
        closings[found.number] = found.closing
      }
    }
    return closings
  }

  func open(_ branch: String, onto base: String, _ activity: String) async throws -> [HostedPullRequest] {
    let names = "source_branch=\(percentEncoded(branch))&target_branch=\(percentEncoded(base))"
    return try await ours("state=opened&\(names)", activity)
  }

  func create(_ draft: PullRequestDraft, _ text: HostedText, _ activity: String) async throws -> HTTPResponse {
    var fields: [JSONMember] = [
      JSONMember("source_branch", .string(draft.branch)), JSONMember("target_branch", .string(draft.base)),
      JSONMember("title", .string(text.title)), JSONMember("description", .string(text.body)),
      JSONMember("labels", .string(text.marker.labels.joined(separator: ","))),
    ]
    let reviewers = try await ids(of: draft.reviewers, activity)
    if !reviewers.isEmpty { fields.append(JSONMember("reviewer_ids", .array(reviewers.map { JSONValue($0) }))) }
    return try await client.send("POST", collection, .object(fields), activity)
  }

  func made(_ answer: JSONValue) -> (number: Int, url: String, branch: String, author: String)? {
    guard let made = hosted(answer), let branch = made.branch else { return nil }
    return (made.number, made.url, branch, made.author ?? "")
  }

  /// `create` gave it everything.
  func complete(_ made: HostedPullRequest, _ draft: PullRequestDraft, _ activity: String) async throws {}

  /// In one request, labels included.
  func edit(_ found: HostedPullRequest, _ edit: HostedEdit, _ activity: String) async throws -> Bool {
    var fields: [JSONMember] = []
    if let title = edit.title { fields.append(JSONMember("title", .string(title))) }
    if let body = edit.body { fields.append(JSONMember("description", .string(body))) }
    for (name, labels) in [("add_labels", edit.labels.added), ("remove_labels", edit.labels.removed)]
    where !labels.isEmpty { fields.append(JSONMember(name, .string(labels.joined(separator: ",")))) }
    if let state = edit.state {
      fields.append(JSONMember("state_event", state == .open ? "reopen" : "close"))
    }
    return try await client.edit(
      "PUT", "\(collection)/\(found.number)", found.number, .object(fields), reopens: edit.reopens, activity)
  }

  func comments(on found: HostedPullRequest, _ activity: String) async throws -> [HostedNote] {
    let path = "\(collection)/\(found.number)/notes?sort=asc&order_by=created_at&per_page=100"
    return try await client.list(path, activity).compactMap { note in
      guard let author = found.author, note["author"]?["username"]?.string == author,
        note["system"]?.bool == false, let id = note["id"]?.int, let body = note["body"]?.string
      else { return nil }
      return HostedNote(id: String(id), body: body)
    }
  }

  func write(
    _ body: String, over note: HostedNote?, on found: HostedPullRequest, _ activity: String
  ) async throws {
    let path = "\(collection)/\(found.number)/notes"
    if let note {
      try await client.value("PUT", "\(path)/\(note.id)", ["body": .string(body)], activity, isRepeatable: true)
    } else {
      try await client.value("POST", path, ["body": .string(body)], activity, expected: [201])
    }
  }

  private func ours(_ query: String, _ activity: String) async throws -> [HostedPullRequest] {
    let path = "\(collection)?scope=created_by_me&\(query)"
    return try await client.list(path, activity).map { node throws(ForgeError) in
      guard let found = hosted(node) else {
        throw ForgeError(.unreadable, activity, at: client.place("GET", path), "a merge request lacks a field")
      }
      return found
    }
  }

  /// The numbers of those that GitLab knows. Groups, which cannot review, and unknown names are left out.
  private func ids(of names: [String], _ activity: String) async throws -> [Int] {
    var ids: [Int] = []
    for name in Reviewers(names, owner: "", author: nil, unknown: []).users {
      let key = name.lowercased()
      if let known = users.withLock({ $0[key] }) {
        if let known { ids.append(known) }
        continue
      }
      let found = try await client.value("GET", "/users?username=\(percentEncoded(name))", nil, activity).array ?? []
      let id = found.first { $0["username"]?.string?.lowercased() == key }?["id"]?.int
      users.withLock { $0[key] = .some(id) }
      if let id { ids.append(id) }
    }
    return ids
  }

  /// Nil where a field is missing or of another kind, or it is another project's. Our own account opened it, as it was asked for.
  private func hosted(_ node: JSONValue) -> HostedPullRequest? {
    // Locked while GitLab merges it.
    let states: [String: HostedPullRequest.State] = [
      "opened": .open, "locked": .open, "closed": .closed, "merged": .merged,
    ]
    guard let iid = node["iid"]?.int, let url = node["web_url"]?.string,
      let state = node["state"]?.string.flatMap({ states[$0] }), let title = node["title"]?.string,
      let branch = node["source_branch"]?.string, let target = node["target_project_id"]?.int,
      let author = node["author"]?["username"]?.string, let labels = node["labels"]?.array,
      let body = nullableText(node["description"]), let source = node["source_project_id"],
      // Null where the fork is gone.
      source.isNull || source.int != nil,
      node["references"]?["full"]?.string.map({ $0.lowercased() == "\(path.lowercased())!\(iid)" }) ?? true
    else { return nil }
    return HostedPullRequest(
      number: iid, url: url, state: state, title: title, body: body, branch: branch,
      head: node["sha"]?.string.map { CommitID($0) },
      isForeign: source.int != target, isOwn: true, author: author, labels: labels.compactMap(\.string),
      isAutoMerged: node["merge_when_pipeline_succeeds"]?.bool == true,
      closing: Closing(
        by: node["closed_by"]?["username"]?.string, at: node["closed_at"]?.string.flatMap { Timestamp(iso8601: $0) }))
  }
}
