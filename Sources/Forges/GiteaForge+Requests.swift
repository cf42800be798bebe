import DriftCore
import JSON
import Transport

extension GiteaForge {
  /// Who we are, asked once a run.
  func login(_ activity: String) async throws -> String {
    if let known = remember({ $0.login }) { return known }
    guard let login = try await client.value("GET", "/user", nil, activity)["login"]?.string else {
      throw ForgeError(.unreadable, activity, at: client.place("GET", "/user"), "the account has no login")
    }
    remember { $0.login = login }
    return login
  }

  func pullRequest(_ id: String, _ activity: String) async throws -> GiteaPullRequest {
    guard let number = Int(id), number > 0, String(number) == id else {
      throw ForgeError(
        .noSuchPullRequest, activity, at: "\"\(oneLine(id))\"", "there is no such pull request",
        wayOut: "a pull request's id is its number")
    }
    return try await read(number, activity)
  }

  /// Throws where it is not ours.
  func read(_ number: Int, _ activity: String) async throws -> GiteaPullRequest {
    let path = "\(path)/pulls/\(number)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 {
      throw ForgeError(
        .noSuchPullRequest, activity, at: "#\(number)", "there is no such pull request, or it is not visible")
    }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let place = client.place("GET", path)
    return try await ours(hostedValue(response, client.product, activity, place), place, activity)
  }

  /// The open one of the draft's branch; nil where there is none. Throws where somebody else opened it.
  func find(_ draft: PullRequestDraft, _ activity: String) async throws -> GiteaPullRequest? {
    let branch = draft.branch.split(separator: "/").map { percentEncoded(String($0)) }.joined(separator: "/")
    let path = "\(path)/pulls/\(percentEncoded(draft.base))/\(branch)"
    let response = try await client.send("GET", path, nil, activity)
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw client.refusal(response, "GET", path, activity) }
    let place = client.place("GET", path)
    let found = try await ours(hostedValue(response, client.product, activity, place), place, activity)
    return found.branch == draft.branch && found.state == .open ? found : nil
  }

  /// Brings an existing one to the draft; nil where it is not opened again. Labels come before the body, which remembers them.
  func write(
    _ draft: PullRequestDraft, over found: GiteaPullRequest, reopening: Bool, _ activity: String
  ) async throws -> PullRequest? {
    guard !found.isMerged else { throw merged(found, activity) }
    let before = found.marker
    let state = reopening || found.state == .open ? .open : before?.state ?? .open
    let text = try HostedText(draft, state: state, limits: limits, activity)
    let edits = labelEdits(
      remembered: before?.labels ?? [], present: Array(found.labels.keys), wanted: text.marker.labels)
    try await setLabels(edits, of: found, activity)
    var fields: [JSONMember] = []
    if !HostedText.isForeign(title: found.title, marker: before), found.title != text.title {
      fields.append(JSONMember("title", .string(text.title)))
    }
    if !isSameText(found.body, text.body) { fields.append(JSONMember("body", .string(text.body))) }
    if reopening { fields.append(JSONMember("state", "open")) }
    if !fields.isEmpty {
      let path = "\(path)/pulls/\(found.number)"
      let response = try await client.send("PATCH", path, .object(fields), activity, isRepeatable: true)
      if reopening, [404, 409, 412, 422].contains(response.status) { return nil }
      guard response.status == 201 || response.status == 200 else {
        throw client.refusal(response, "PATCH", path, activity)
      }
    }
    var after = found
    after.body = text.body
    if reopening { after.state = .open }
    // One that Mooring closed and updates all the same stays closed.
    return after.pullRequest
      ?? PullRequest(
        id: String(found.number), branch: draft.branch, state: .open, head: text.marker.head,
        findings: text.marker.findings, textDigest: text.marker.textDigest, location: found.url)
  }

  /// Says why, then closes, and says in the same request who did.
  func end(
    _ found: GiteaPullRequest, as state: PullRequestMarker.State, _ reason: String, _ activity: String
  ) async throws {
    try await comment(HostedComment(.closed, reason), on: found, activity)
    var marker =
      found.marker ?? PullRequestMarker(branch: found.branch ?? "", head: found.head ?? CommitID(""))
    marker.state = state
    let fields: JSONValue = ["body": .string(body(found.body, with: marker)), "state": "closed"]
    try await client.value(
      "PATCH", "\(path)/pulls/\(found.number)", fields, activity, isRepeatable: true, expected: [200, 201])
  }

  /// The labels' ids; those that the repository lacks are made.
  func ids(of names: [String], _ activity: String) async throws -> [Int] {
    var known = remember { $0.labels } ?? [:]
    if known.isEmpty {
      for label in try await client.list("\(path)/labels?limit=50", activity) {
        if let name = label["name"]?.string, let id = label["id"]?.int { known[name] = id }
      }
    }
    for name in names where known[name] == nil {
      let made = try await client.value(
        "POST", "\(path)/labels", ["name": .string(name), "color": "#1f6feb"], activity, expected: [201])
      known[name] = made["id"]?.int
    }
    remember { [known] in $0.labels = known }
    return names.compactMap { known[$0] }
  }

  /// Asks for reviews, of people whom the repository takes. Where a team is refused, people are asked without it.
  func request(_ names: [String], for found: GiteaPullRequest, _ activity: String) async throws {
    var reviewers = Reviewers(names, owner: owner, author: found.author, unknown: [])
    if reviewers.isEmpty { return }
    let taken = try await possibleReviewers(activity)
    reviewers.users = reviewers.users.filter { taken.contains($0.lowercased()) }
    if try await isAccepted(reviewers, found, activity) || reviewers.teams.isEmpty { return }
    reviewers.teams = []
    _ = try await isAccepted(reviewers, found, activity)
  }

  func merged(_ found: GiteaPullRequest, _ activity: String) -> ForgeError {
    ForgeError(
      .merged, activity, at: "#\(found.number)", "it was merged meanwhile",
      wayOut: "nothing is lost: the next run sees the merge")
  }

  private func ours(
    _ node: JSONValue, _ place: String, _ activity: String
  ) async throws -> GiteaPullRequest {
    guard let found = GiteaPullRequest(node), let branch = found.branch else {
      throw ForgeError(.unreadable, activity, at: place, "the pull request lacks a field")
    }
    let me = try await login(activity)
    guard found.author == me, !found.isForeign, slug(of: branch) != nil else {
      throw ForgeError(
        .notOurs, activity, at: "#\(found.number)", "somebody else opened it",
        wayOut: "close or merge \(found.url), or run Mooring with the account that opened it")
    }
    return found
  }

  private func setLabels(
    _ edits: LabelEdits, of found: GiteaPullRequest, _ activity: String
  ) async throws {
    let path = "\(path)/issues/\(found.number)/labels"
    if !edits.added.isEmpty {
      let ids = try await ids(of: edits.added, activity)
      try await client.value(
        "POST", path, ["labels": .array(ids.map { JSONValue($0) })], activity, isRepeatable: true)
    }
    for id in edits.removed.compactMap({ found.labels[$0] }) {
      let response = try await client.send("DELETE", "\(path)/\(id)", nil, activity, isRepeatable: true)
      // Somebody else may have taken it away meanwhile.
      guard [200, 204, 404].contains(response.status) else {
        throw client.refusal(response, "DELETE", path, activity)
      }
    }
  }

  private func possibleReviewers(_ activity: String) async throws -> Set<String> {
    if let known = remember({ $0.reviewers }) { return known }
    let response = try await client.send("GET", "\(path)/reviewers", nil, activity)
    // A pull request without reviewers is still one, so that what cannot be asked is no error.
    let list = response.status == 200 ? try? JSONValue.parse(response.body).array : nil
    let names = Set((list ?? []).compactMap { $0["login"]?.string?.lowercased() })
    remember { $0.reviewers = names }
    return names
  }

  private func isAccepted(
    _ reviewers: Reviewers, _ found: GiteaPullRequest, _ activity: String
  ) async throws -> Bool {
    if reviewers.isEmpty { return true }
    var fields: [JSONMember] = []
    if !reviewers.users.isEmpty {
      fields.append(JSONMember("reviewers", .array(reviewers.users.map { .string($0) })))
    }
    if !reviewers.teams.isEmpty {
      fields.append(JSONMember("team_reviewers", .array(reviewers.teams.map { .string($0) })))
    }
    let path = "\(path)/pulls/\(found.number)/requested_reviewers"
    return try await client.send("POST", path, .object(fields), activity, isRepeatable: true).status == 201
  }

  private func comment(
    _ comment: HostedComment, on found: GiteaPullRequest, _ activity: String
  ) async throws {
    let old = try await client.list("\(path)/issues/\(found.number)/comments", activity).last {
      $0["user"]?["login"]?.string == found.author && comment.isSamePurpose(as: $0["body"]?.string ?? "")
    }
    guard let old, let id = old["id"]?.int else {
      try await client.value(
        "POST", "\(path)/issues/\(found.number)/comments", ["body": .string(comment.body)], activity,
        expected: [201])
      return
    }
    if comment.isSameText(as: old["body"]?.string ?? "") { return }
    try await client.value(
      "PATCH", "\(path)/issues/comments/\(id)", ["body": .string(comment.body)], activity, isRepeatable: true)
  }
}
