import DriftCore
import JSON
import Synchronization
import Transport

extension GitLabAPI {
  /// Of Developer, the first role that may push.
  private static let writeAccess = 30

  func status(_ context: String, of commit: CommitID, _ activity: String) async throws -> HostedStatus? {
    let path = "\(project)/repository/commits/\(commit)/statuses?name=\(percentEncoded(context))&per_page=100"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let found = try hostedValue(response, client.product, activity, client.place("GET", path)).array ?? []
    let named = found.filter { $0["name"]?.string == context }
    guard let status = named.max(by: { $0["id"]?.int ?? 0 < $1["id"]?.int ?? 0 }), let state = status["status"]?.string
    else { return nil }
    return HostedStatus(
      context: context, state: state, text: status["description"]?.string ?? "",
      location: status["target_url"]?.string)
  }

  func set(_ status: HostedStatus, on commit: CommitID, _ activity: String) async throws -> HTTPResponse {
    try await client.send(
      "POST", "\(project)/statuses/\(commit)", status.fields(contextName: "name"), activity, isRepeatable: true)
  }

  func merged(_ landing: CommitID, into base: String, _ activity: String) async throws -> [MergedPullRequest] {
    let path = "\(project)/repository/commits/\(landing)/merge_requests?per_page=100"
    var found: [MergedPullRequest] = []
    for node in try await client.list(path, activity) {
      guard node["state"]?.string == "merged", node["target_branch"]?.string == base,
        let target = node["target_project_id"]?.int, node["source_project_id"]?.int == target
      else { continue }
      guard let iid = node["iid"]?.int, let head = node["sha"]?.string, let branch = node["source_branch"]?.string
      else {
        throw ForgeError(.unreadable, activity, at: client.place("GET", path), "a merge request lacks a field")
      }
      // A fast-forward has neither a merge commit nor a squashed one.
      let landed = node["merge_commit_sha"]?.string ?? node["squash_commit_sha"]?.string ?? head
      found.append(
        MergedPullRequest(
          id: String(iid), branch: branch, head: CommitID(head), mergeCommit: CommitID(landed),
          mergedBy: (node["merge_user"] ?? node["merged_by"])?["username"]?.string,
          mergedAt: node["merged_at"]?.string.flatMap(Timestamp.init(iso8601:)),
          labels: sorted((node["labels"]?.array ?? []).compactMap(\.string)),
          reviews: try await reviews(of: iid, head: head, author: node["author"]?["id"]?.int, activity)))
    }
    return found.sorted { (Int($0.id) ?? 0) > (Int($1.id) ?? 0) }
  }

  /// Approvals say nothing of a commit: they are held against the times at which the branch moved.
  private func reviews(of iid: Int, head: String, author: Int?, _ activity: String) async throws -> [Review] {
    let path = "\(collection)/\(iid)"
    let approvals = try await client.value("GET", "\(path)/approvals", nil, activity)["approved_by"]?.array ?? []
    let reviewers = try await reviewers(path, activity)
    if approvals.isEmpty, reviewers.isEmpty { return [] }
    let versions = try await versions(path, activity)
    var reviews: [Review] = []
    for approval in approvals {
      let at = approval["approved_at"]?.string.flatMap(Timestamp.init(iso8601:))
      let commit = try await commit(approvedAt: at, versions, head: head, activity)
      if let user = approval["user"] {
        reviews.append(try await review(by: user, .approved, commit, author: author, activity))
      }
    }
    // Last, so that a "no" counts more than an approval that is still listed.
    for reviewer in reviewers {
      guard let user = reviewer["user"] else { continue }
      switch reviewer["state"]?.string {
      case "requested_changes":
        reviews.append(try await review(by: user, .changesRequested, nil, author: author, activity))
      case "unapproved":
        reviews.append(try await review(by: user, .dismissed, nil, author: author, activity))
      default: break
      }
    }
    return lastOfEach(reviews)
  }

  private func reviewers(_ path: String, _ activity: String) async throws -> [JSONValue] {
    let path = "\(path)/reviewers"
    let response = try await client.send("GET", path, nil, activity)
    // Older versions have no such list, and no way to request changes.
    if response.status == 404 { return [] }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let place = client.place("GET", path)
    guard let reviewers = try hostedValue(response, client.product, activity, place).array else {
      // One of those that are not there may have asked for changes.
      throw ForgeError(.unreadable, activity, at: place, "the answer is no list")
    }
    return reviewers
  }

  /// When the branch came to which commit, oldest first.
  private func versions(_ path: String, _ activity: String) async throws -> [(at: Timestamp, head: String)] {
    try await client.list("\(path)/versions?per_page=100", activity).compactMap { version in
      guard let at = version["created_at"]?.string.flatMap(Timestamp.init(iso8601:)),
        let head = version["head_commit_sha"]?.string
      else { return nil }
      return (at, head)
    }.sorted { $0.at < $1.at }
  }

  /// The tip of the branch when it was approved; nil where that cannot be told.
  private func commit(
    approvedAt at: Timestamp?, _ versions: [(at: Timestamp, head: String)], head: String, _ activity: String
  ) async throws -> CommitID? {
    // The branch has never moved, so there was nothing else to approve.
    if versions.count == 1, versions[0].head == head { return CommitID(head) }
    if let at { return versions.last { $0.at <= at }.map { CommitID($0.head) } }
    // Without a time, an approval that is still there is one of the head only where a push takes approvals away.
    let response = try await client.send("GET", "\(project)/approvals", nil, activity)
    guard response.status == 200, let settings = try? JSONValue.parse(response.body),
      settings["reset_approvals_on_push"]?.bool == true
    else { return nil }
    return CommitID(head)
  }

  private func review(
    by user: JSONValue, _ state: Review.State, _ commit: CommitID?, author: Int?, _ activity: String
  ) async throws -> Review {
    guard let id = user["id"]?.int, let name = user["username"]?.string else {
      throw ForgeError(.unreadable, activity, at: collection, "a reviewer lacks a field")
    }
    let person = try await person(id, activity)
    return Review(
      reviewer: name, state: state, commit: commit, isBot: person.isBot, mayApprove: person.mayWrite && id != author)
  }

  private func person(_ id: Int, _ activity: String) async throws -> Person {
    if let known = people.withLock({ $0[id] }) { return known }
    let member = try await client.send("GET", "\(project)/members/all/\(id)", nil, activity)
    let access = member.status == 200 ? (try? JSONValue.parse(member.body))?["access_level"]?.int : nil
    let user = try await client.value("GET", "/users/\(id)", nil, activity)
    let person = Person(
      mayWrite: access ?? 0 >= Self.writeAccess, isBot: user["bot"]?.bool ?? isBotName(user["username"]))
    people.withLock { $0[id] = person }
    return person
  }

  struct Person: Sendable {
    var mayWrite: Bool
    var isBot: Bool
  }
}

/// As GitLab names the accounts of project and group tokens: `project_5_bot_1a2b`.
private func isBotName(_ name: JSONValue?) -> Bool {
  guard let parts = name?.string?.split(separator: "_"), parts.count >= 3 else { return false }
  return ["project", "group"].contains(parts[0]) && parts[2].hasPrefix("bot") && Int(parts[1]) != nil
}
