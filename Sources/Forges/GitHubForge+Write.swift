import DriftCore
import JSON
import Transport

extension GitHubForge {
  /// Brings an existing one to the draft; nil where GitHub does not open it again.
  ///
  /// Labels come before the body, which remembers them: after a crash in between they are there and simply remembered later.
  func write(
    _ draft: PullRequestDraft, over found: GitHubPullRequest, reopening: Bool, _ activity: String
  ) async throws -> PullRequest? {
    guard found.state != .merged else { throw merged(found, activity) }
    let number = String(found.number)
    let before = found.marker
    let wanted = labels(for: draft.colour)
    let edits = labelEdits(remembered: before?.labels ?? [], present: found.labels, wanted: wanted)
    let state = reopening || found.state == .open ? .open : before?.state ?? .open
    let text = try HostedText(draft, state: state, limits: Self.limits, activity)
    var fields: [JSONMember] = []
    if !HostedText.isForeign(title: found.title, marker: before), found.title != text.title {
      fields.append(JSONMember("title", .string(text.title)))
    }
    if !isSameText(found.body, text.body) { fields.append(JSONMember("body", .string(text.body))) }
    if reopening { fields.append(JSONMember("state", "open")) }
    if !reopening { try await setLabels(edits, on: number, activity) }
    if !fields.isEmpty {
      let path = ["pulls", number]
      let response = try await client.write("PATCH", path, .object(fields), activity, isRepeatable: true)
      if reopening, response.status == 422 { return nil }
      guard response.status == 200 else {
        throw hostedRefusal(response, .gitHub, activity, client.place("PATCH", path))
      }
    }
    if reopening { try await setLabels(edits, on: number, activity) }
    var after = found
    after.body = text.body
    if reopening { after.state = .open }
    guard let written = after.pullRequest else {
      // Closed by Mooring and updated all the same: it stays closed.
      return PullRequest(
        id: number, branch: found.branch, state: .open, head: text.marker.head, findings: text.marker.findings,
        textDigest: text.marker.textDigest, location: found.url)
    }
    return written
  }

  /// Labels and reviewers for a new one.
  func finish(
    _ created: GitHubPullRequest, _ draft: PullRequestDraft, author: String?, _ activity: String
  ) async throws -> PullRequest {
    let number = String(created.number)
    try await setLabels(
      LabelEdits(added: labels(for: draft.colour).filter { !created.labels.contains($0) }), on: number,
      activity)
    try await request(draft.reviewers, for: number, author: author, activity)
    guard let pullRequest = created.pullRequest else { throw merged(created, activity) }
    return pullRequest
  }

  func created(
    _ response: HTTPResponse, _ draft: PullRequestDraft, _ text: HostedText, _ activity: String
  ) throws(ForgeError) -> (pullRequest: GitHubPullRequest, author: String?) {
    let place = client.place("POST", ["pulls"])
    let answer = try hostedValue(response, .gitHub, activity, place)
    guard let number = answer["number"]?.int, let url = answer["html_url"]?.string,
      answer["head"]?["ref"]?.string == draft.branch
    else {
      throw ForgeError(.unreadable, activity, at: place, "the answer is about another pull request")
    }
    let pullRequest = GitHubPullRequest(
      number: number, url: url, title: text.title, body: text.body, branch: draft.branch, base: draft.base,
      head: draft.head)
    return (pullRequest, answer["user"]?["login"]?.string)
  }

  /// Closes it, and says in the same request who did: afterwards nobody could tell.
  func set(
    _ state: PullRequestMarker.State, of found: GitHubPullRequest, _ activity: String
  ) async throws {
    var marker = found.marker ?? PullRequestMarker(branch: found.branch, head: found.head)
    marker.state = state
    let path = ["pulls", String(found.number)]
    let text = Forges.body(found.body, with: marker)
    let response = try await client.write(
      "PATCH", path, ["body": .string(text), "state": "closed"], activity, isRepeatable: true)
    guard response.status == 200 else {
      throw hostedRefusal(response, .gitHub, activity, client.place("PATCH", path))
    }
  }

  func merged(_ found: GitHubPullRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .merged, activity, at: "#\(found.number)", "it was merged meanwhile",
      wayOut: "nothing is lost: the next run sees the merge")
  }

  private func setLabels(_ edits: LabelEdits, on number: String, _ activity: String) async throws {
    if !edits.added.isEmpty {
      // A label that the repository lacks is made by this.
      let path = ["issues", number, "labels"]
      let response = try await client.write(
        "POST", path, ["labels": .array(edits.added.map { .string($0) })], activity, isRepeatable: true)
      guard response.status == 200 else {
        throw hostedRefusal(response, .gitHub, activity, client.place("POST", path))
      }
    }
    for label in edits.removed {
      let path = ["issues", number, "labels", label]
      let response = try await client.write("DELETE", path, nil, activity, isRepeatable: true)
      // Somebody else may have taken it away meanwhile.
      guard [200, 204, 404].contains(response.status) else {
        throw hostedRefusal(response, .gitHub, activity, client.place("DELETE", path))
      }
    }
  }
}
