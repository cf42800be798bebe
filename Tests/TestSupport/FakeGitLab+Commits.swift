import DriftCore
import JSON

/// Statuses, and what GitLab knows of a merge.
extension FakeGitLab {
  /// - Parameter parts: of the path below the API.
  func commits(
    _ method: String, _ parts: [String], _ query: [String: String], _ body: JSONValue, _ state: inout State
  ) -> LoopbackServer.Answer? {
    if method == "GET", parts.count == 2, parts[0] == "users" { return user(Int(parts[1]) ?? 0, state) }
    guard parts.count > 2, parts[0] == "projects", parts[1] == Self.project else { return nil }
    let rest = Array(parts.dropFirst(2))
    switch (method, rest[0], rest.count) {
    case ("GET", "issues", 1):
      return json(200, .array(state.issues.keys.sorted().map { issue($0, state) }))
    case ("POST", "issues", 1):
      let iid = (state.issues.keys.max() ?? 40) + 1
      state.issues[iid] = body["description"]?.string ?? ""
      return json(201, issue(iid, state))
    case ("GET", "issues", 2):
      let iid = Int(rest[1]) ?? 0
      return state.issues[iid] == nil ? json(404, ["message": "404 Not found"]) : json(200, issue(iid, state))
    case ("PUT", "issues", 2):
      let iid = Int(rest[1]) ?? 0
      state.issues[iid] = body["description"]?.string ?? ""
      return json(200, issue(iid, state))
    case ("POST", "statuses", 2):
      return setStatus(rest[1], body, &state)
    case ("GET", "repository", 4) where rest[1] == "commits" && rest[3] == "statuses":
      return statuses(of: rest[2], named: query["name"], state)
    case ("GET", "repository", 4) where rest[1] == "commits" && rest[3] == "merge_requests":
      return json(200, .array(state.mergeRequests.values.filter { $0.landed.contains(rest[2]) }.map { merged($0) }))
    case ("GET", "approvals", 1):
      return json(200, ["reset_approvals_on_push": .bool(state.resetsApprovals)])
    case ("GET", "members", 3) where rest[1] == "all":
      let name = state.users.first { String($0.value) == rest[2] }?.key ?? ""
      guard let access = state.members[name] else { return json(404, ["message": "404 Not found"]) }
      return json(200, ["username": .string(name), "access_level": JSONValue(access)])
    case ("GET", "merge_requests", 3):
      guard let found = state.mergeRequests[Int(rest[1]) ?? 0] else { return nil }
      return reviews(of: found, rest[2], state)
    default: return nil
    }
  }

  private func issue(_ iid: Int, _ state: State) -> JSONValue {
    [
      "id": JSONValue(90_000 + iid), "iid": JSONValue(iid), "description": .string(state.issues[iid] ?? ""),
      "state": state.closedIssues.contains(iid) ? "closed" : "opened",
      "web_url": .string("https://gitlab.example.com/\(Self.project)/-/issues/\(iid)"),
    ]
  }

  private func user(_ id: Int, _ state: State) -> LoopbackServer.Answer {
    guard let name = state.users.first(where: { $0.value == id })?.key else {
      return json(404, ["message": "404 User Not Found"])
    }
    return json(200, ["id": JSONValue(id), "username": .string(name), "bot": .bool(state.bots.contains(name))])
  }

  private func reviews(
    of found: MergeRequest, _ what: String, _ state: State
  ) -> LoopbackServer.Answer? {
    func person(_ name: String) -> JSONValue {
      ["id": JSONValue(state.users[name] ?? 0), "username": .string(name), "state": "active"]
    }
    switch what {
    case "approvals":
      let approvals = found.approvals.map { approval -> JSONValue in
        let time = approval.at.map { [JSONMember("approved_at", .string($0))] } ?? []
        return .object([JSONMember("user", person(approval.user))] + time)
      }
      return json(200, ["approved": true, "approvals_left": 0, "approved_by": .array(approvals)])
    case "reviewers":
      if !state.hasReviewers { return json(404, ["error": "404 Not Found"]) }
      return json(
        200,
        .array(
          found.reviewerStates.sorted { $0.key < $1.key }.map { name, state in
            ["user": person(name), "state": .string(state), "created_at": "2026-11-21T10:00:00.000Z"]
          }))
    case "versions":
      return json(
        200,
        .array(
          found.versions.reversed().map {
            ["head_commit_sha": .string($0.head), "created_at": .string($0.at), "state": "collected"]
          }))
    default: return nil
    }
  }

  private func merged(_ found: MergeRequest) -> JSONValue {
    .object(
      (node(found).members ?? []) + [
        JSONMember("merge_commit_sha", found.mergeCommit.map { .string($0) } ?? .null),
        JSONMember("squash_commit_sha", found.squashCommit.map { .string($0) } ?? .null),
        JSONMember("merged_at", found.state == "merged" ? "2026-11-21T12:00:00.000Z" : .null),
        JSONMember("merge_user", found.mergedBy.map { ["username": .string($0)] } ?? .null),
      ])
  }

  private func setStatus(_ commit: String, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false { return json(404, ["message": "404 Commit Not Found"]) }
    let wanted = body["state"]?.string ?? ""
    if !["pending", "running", "success", "failed", "canceled", "skipped"].contains(wanted) {
      return json(400, ["error": "state does not have a valid value"])
    }
    if (body["description"]?.string?.unicodeScalars.count ?? 0) > 255 {
      return json(400, ["message": ["description": ["is too long (maximum is 255 characters)"]]])
    }
    let key = "\(commit) \(body["name"]?.string ?? "default")"
    if state.statuses[key]?.state == wanted {
      return json(400, ["message": "Cannot transition status via :enqueue from :pending"])
    }
    state.statuses[key] = FakeStatus(
      state: wanted, text: body["description"]?.string ?? "", location: body["target_url"]?.string,
      writes: (state.statuses[key]?.writes ?? 0) + 1)
    return json(201, ["id": 1])
  }

  private func statuses(of commit: String, named name: String?, _ state: State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false { return json(404, ["message": "404 Commit Not Found"]) }
    let found = state.statuses.filter { name.map { "\(commit) \($0)" } == $0.key }.map { key, status -> JSONValue in
      [
        "id": JSONValue(status.writes), "name": .string(String(key.dropFirst(commit.count + 1))),
        "status": .string(status.state), "description": .string(status.text),
        "target_url": status.location.map { .string($0) } ?? .null,
      ]
    }
    return json(200, .array(found))
  }
}
