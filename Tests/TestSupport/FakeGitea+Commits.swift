import DriftCore
import JSON

/// Statuses, reviews and issues.
extension FakeGitea {
  func issue(_ number: Int, _ state: State) -> JSONValue {
    [
      "number": JSONValue(number), "body": .string(state.issues[number]?.body ?? ""),
      "state": state.closedIssues.contains(number) ? "closed" : "open", "pull_request": .null,
      "user": user(state.issues[number]?.author ?? "", state),
      "html_url": .string("https://git.example.com/\(Self.repository)/issues/\(number)"),
    ]
  }

  func setStatus(_ commit: String, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false {
      return json(500, ["message": .string("GetCommit[\(commit)]: object does not exist [id: \(commit), rel_path: ]")])
    }
    let wanted = body["state"]?.string ?? ""
    if !["pending", "success", "error", "failure", "warning"].contains(wanted) {
      return json(422, ["message": "state"])
    }
    let key = "\(commit) \(body["context"]?.string ?? "default")"
    state.statuses[key] = FakeStatus(
      state: wanted, text: body["description"]?.string ?? "", location: body["target_url"]?.string,
      writes: (state.statuses[key]?.writes ?? 0) + 1)
    return json(201, ["id": 1])
  }

  func statuses(of commit: String, _ state: State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false { return json(404, ["message": "not found"]) }
    let found = state.statuses.filter { $0.key.hasPrefix(commit) }.map { key, status -> JSONValue in
      [
        "context": .string(String(key.dropFirst(commit.count + 1))), "status": .string(status.state),
        "description": .string(status.text), "target_url": .string(status.location ?? ""),
      ]
    }
    return json(200, ["state": "pending", "statuses": .array(found), "total_count": JSONValue(found.count)])
  }

  func reviews(of number: Int, _ state: State) -> LoopbackServer.Answer {
    let all = (state.pulls[number]?.reviews ?? []).enumerated().map { index, review -> JSONValue in
      [
        "id": JSONValue(100 + index), "state": .string(review.state), "commit_id": .string(review.commit),
        "official": .bool(review.isOfficial), "stale": .bool(review.isStale), "dismissed": .bool(review.isDismissed),
        "user": review.user.map { user($0, state) } ?? .null,
      ]
    }
    return json(200, .array(all.reversed()))
  }
}
