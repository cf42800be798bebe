import DriftCore
import Foundation
import JSON

extension FakeGitHub {
  // MARK: GraphQL

  func graphQL(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    let text = body["query"]?.string ?? ""
    let isMutation = text.hasPrefix("mutation")
    let fields: [GraphQLField]
    do {
      var parser = try GraphQLParser(text, variables: body["variables"] ?? [:])
      fields = try parser.operation(isMutation ? "mutation" : "query")
    } catch {
      state.violations.append("GraphQL: \(error)")
      return json(200, ["errors": [["message": "Parse error"]]])
    }
    let found = GraphQLSchema.gitHub.problems(fields, of: isMutation ? "Mutation" : "Query")
    if !found.isEmpty {
      state.violations += found
      return json(200, ["errors": .array(found.map { ["message": .string($0)] })])
    }
    if isMutation { return autoMerge(fields, &state) }
    guard let field = fields.first, fields.count == 1,
      field.arguments["owner"]?.string?.lowercased() == Self.owner,
      field.arguments["name"]?.string?.lowercased() == Self.name
    else {
      return json(
        200,
        [
          "data": ["repository": .null],
          "errors": [
            [
              "type": "NOT_FOUND", "path": ["repository"],
              "message": "Could not resolve to a Repository with the name 'x'.",
            ]
          ],
        ])
    }
    var members: [JSONMember] = []
    var errors: [JSONValue] = []
    for inner in field.fields {
      switch inner.name {
      case "nameWithOwner": members.append(JSONMember(inner.key, .string(Self.repository)))
      case "viewerDefaultMergeMethod": members.append(JSONMember(inner.key, .string(state.mergeMethod)))
      case "pullRequest":
        guard let pull = state.pulls[inner.arguments["number"]?.int ?? 0] else {
          errors.append(
            [
              "type": "NOT_FOUND", "path": ["repository", "pullRequest"],
              "message": "Could not resolve to a PullRequest",
            ])
          members.append(JSONMember(inner.key, .null))
          continue
        }
        let comments = inner.fields.first { $0.name == "comments" }?.arguments
        members.append(
          JSONMember(
            inner.key, selected(inner.fields, from: node(pull, state, commentsBefore: comments?["before"]?.string))))
      case "issue", "issues":
        members.append(JSONMember(inner.key, issues(inner, state)))
      case "object":
        let commit = inner.arguments["oid"]?.string ?? ""
        let isThere = state.commits?.contains(commit) ?? true
        let pulls = state.pulls.values.filter { $0.landed.contains(commit) || $0.head == commit }
        let found: JSONValue = [
          "oid": .string(commit), "__typename": "Commit",
          "associatedPullRequests": ["nodes": .array(pulls.map { node($0, state) })],
        ]
        members.append(JSONMember(inner.key, isThere ? selected(inner.fields, from: found) : .null))
      default: members.append(JSONMember(inner.key, selected(inner.fields, from: connection(inner, state))))
      }
    }
    var answer: [JSONMember] = [JSONMember("data", ["repository": .object(members)])]
    if !errors.isEmpty { answer.append(JSONMember("errors", .array(errors))) }
    return json(200, .object(answer))
  }

  private func connection(_ field: GraphQLField, _ state: State) -> JSONValue {
    let states = (field.arguments["states"]?.array ?? []).compactMap(\.string)
    var pulls = state.pulls.values.filter { states.contains(stateName($0)) }
    if let branch = field.arguments["headRefName"]?.string { pulls = pulls.filter { $0.branch == branch } }
    pulls.sort { $0.number > $1.number }
    let total = pulls.count
    if let after = field.arguments["after"]?.string.flatMap({ Int($0.dropFirst("cursor:".count)) }) {
      pulls = pulls.filter { $0.number < after }
    }
    let page = pulls.prefix(min(state.pageSize, field.arguments["first"]?.int ?? 0))
    return [
      "nodes": .array(page.map { node($0, state) }), "totalCount": JSONValue(total),
      "pageInfo": [
        "hasNextPage": .bool(page.count < pulls.count),
        "endCursor": page.last.map { .string("cursor:\($0.number)") } ?? .null,
      ],
    ]
  }

  private func stateName(_ pull: Pull) -> String {
    pull.isMerged ? "MERGED" : pull.isOpen ? "OPEN" : "CLOSED"
  }

  /// - Parameter cursor: of the comments after those that are wanted.
  private func node(_ pull: Pull, _ state: State, commentsBefore cursor: String? = nil) -> JSONValue {
    let end = cursor.flatMap { Int($0.dropFirst("cursor:".count)) } ?? pull.comments.count
    let start = max(0, end - state.pageSize)
    let comments = pull.comments[start..<end].map { id -> JSONValue in
      [
        "id": "IC_\(id)", "fullDatabaseId": .string(String(id)),
        "body": .string(state.comments[id]?.body ?? ""),
        "viewerDidAuthor": .bool(state.comments[id]?.author == state.login),
      ]
    }
    let reviews = pull.reviews.filter { !["COMMENTED", "PENDING"].contains($0.state) }.map { review -> JSONValue in
      [
        "state": .string(review.state), "viewerDidAuthor": .bool(review.author == state.login),
        "authorCanPushToRepository": .bool(review.canPush),
        "author": review.author.map { ["login": .string($0), "__typename": .string(review.type)] } ?? .null,
        "commit": review.commit.map { ["oid": .string($0)] } ?? .null,
      ]
    }
    return [
      "mergedAt": pull.isMerged ? "2026-11-21T12:00:00Z" : .null,
      "mergedBy": pull.mergedBy.map { ["login": .string($0)] } ?? .null,
      "mergeCommit": pull.mergeCommit.map { ["oid": .string($0)] } ?? .null,
      "reviews": [
        "nodes": .array(reviews.suffix(100)), "pageInfo": ["hasPreviousPage": .bool(reviews.count > 100)],
      ],
      "autoMergeRequest": pull.autoMerge.map { ["enabledAt": "2026-11-21T12:00:00Z", "mergeMethod": .string($0)] }
        ?? .null,
      "id": "PR_\(pull.number)", "number": JSONValue(pull.number),
      "url": .string("https://github.example.com/acme/contracts/pull/\(pull.number)"),
      "state": .string(stateName(pull)), "title": .string(pull.title), "body": .string(pull.body),
      "headRefName": .string(pull.branch), "headRefOid": .string(pull.head), "baseRefName": .string(pull.base),
      "isCrossRepository": .bool(pull.isForeign), "viewerDidAuthor": .bool(pull.author == state.login),
      "author": ["login": .string(pull.author)], "merged": .bool(pull.isMerged), "updatedAt": "2026-11-21T12:00:00Z",
      "labels": ["nodes": .array(pull.labels.map { ["id": "L", "name": .string($0), "color": "ededed"] })],
      "timelineItems": ["nodes": pull.wasLabelled ? [["__typename": "LabeledEvent"]] : []],
      "comments": [
        "nodes": .array(comments),
        "pageInfo": ["hasPreviousPage": .bool(start > 0), "startCursor": .string("cursor:\(start)")],
      ],
    ]
  }

  // MARK: REST

  func rest(
    _ method: String, _ path: String, _ body: JSONValue?, _ state: inout State
  ) -> LoopbackServer.Answer {
    let plain = path.hasPrefix("/api/v3/") ? String(path.dropFirst("/api/v3".count)) : path
    let parts = plain.split(separator: "/").map { $0.removingPercentEncoding ?? "" }
    guard parts.count > 3, parts[0] == "repos", "\(parts[1])/\(parts[2])".lowercased() == Self.repository else {
      return json(404, ["message": "Not Found"])
    }
    let rest = Array(parts.dropFirst(3))
    switch (method, rest.first ?? "", rest.count) {
    case ("POST", "pulls", 1):
      return create(body ?? .null, &state)
    case ("PATCH", "pulls", 2):
      return edit(Int(rest[1]) ?? 0, body ?? .null, &state)
    case ("POST", "pulls", 3) where rest[2] == "requested_reviewers":
      return review(Int(rest[1]) ?? 0, body ?? .null, &state)
    case ("POST", "issues", 3) where rest[2] == "labels":
      return label(Int(rest[1]) ?? 0, (body?["labels"]?.array ?? []).compactMap(\.string), &state)
    case ("DELETE", "issues", 4) where rest[2] == "labels":
      guard var pull = state.pulls[Int(rest[1]) ?? 0], pull.labels.contains(rest[3]) else {
        return json(404, ["message": "Label does not exist"])
      }
      pull.labels.removeAll { $0 == rest[3] }
      state.pulls[pull.number] = pull
      return json(200, .array(pull.labels.map { ["name": .string($0)] }))
    case ("POST", "issues", 3) where rest[2] == "comments":
      guard let number = Int(rest[1]), state.pulls[number] != nil else { return json(404, ["message": "Not Found"]) }
      let id = state.nextComment
      state.nextComment += 1
      state.comments[id] = Comment(author: state.login, body: body?["body"]?.string ?? "")
      state.pulls[number]?.comments.append(id)
      return json(201, ["id": JSONValue(id)])
    case ("PATCH", "issues", 3) where rest[1] == "comments":
      guard let id = Int(rest[2]), state.comments[id] != nil else { return json(404, ["message": "Not Found"]) }
      state.comments[id]?.body = body?["body"]?.string ?? ""
      return json(200, ["id": JSONValue(id)])
    case ("POST", "issues", 1):
      return createIssue(body ?? .null, &state)
    case ("PATCH", "issues", 2):
      return editIssue(Int(rest[1]) ?? 0, body ?? .null, &state)
    case ("POST", "statuses", 2):
      return setStatus(rest[1], body ?? .null, &state)
    case ("GET", "commits", 3) where rest[2].hasPrefix("status?"):
      return statuses(of: rest[1], state)
    case ("GET", "collaborators", 2):
      return state.collaborators.contains(rest[1]) ? json(204, nil) : json(404, ["message": "Not Found"])
    default: return json(404, ["message": "Not Found"])
    }
  }

  private func setStatus(_ commit: String, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false {
      return json(422, ["message": .string("No commit found for SHA: \(commit)"), "status": "422"])
    }
    if (body["description"]?.string?.unicodeScalars.count ?? 0) > 140 {
      return custom("description is too long (maximum is 140 characters)")
    }
    if !["pending", "success", "failure", "error"].contains(body["state"]?.string ?? "") {
      return custom("state is not included in the list")
    }
    let key = "\(commit) \(body["context"]?.string ?? "default")"
    state.statuses[key] = FakeStatus(
      state: body["state"]?.string ?? "", text: body["description"]?.string ?? "",
      location: body["target_url"]?.string, writes: (state.statuses[key]?.writes ?? 0) + 1)
    return json(201, ["id": 1])
  }

  private func statuses(of commit: String, _ state: State) -> LoopbackServer.Answer {
    if state.commits?.contains(commit) == false { return json(404, ["message": "Not Found"]) }
    let found = state.statuses.filter { $0.key.hasPrefix(commit) }.map { key, status -> JSONValue in
      [
        "context": .string(String(key.dropFirst(commit.count + 1))), "state": .string(status.state),
        "description": .string(status.text), "target_url": status.location.map { .string($0) } ?? .null,
      ]
    }
    return json(200, ["state": "pending", "statuses": .array(found), "total_count": JSONValue(found.count)])
  }

  private func invalid(_ error: JSONValue) -> LoopbackServer.Answer {
    json(422, ["message": "Validation Failed", "errors": [error], "status": "422"])
  }

  private func custom(_ message: String) -> LoopbackServer.Answer {
    invalid(["resource": "PullRequest", "code": "custom", "message": .string(message)])
  }

  private func create(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard let title = body["title"]?.string, let branch = body["head"]?.string, let base = body["base"]?.string
    else { return invalid(["resource": "PullRequest", "field": "title", "code": "missing_field"]) }
    let text = body["body"]?.string ?? ""
    if text.unicodeScalars.count > 65_536 { return custom("body is too long (maximum is 65536 characters)") }
    if title.unicodeScalars.count > 256 { return custom("title is too long (maximum is 256 characters)") }
    guard let head = state.tip(of: branch) else {
      return invalid(["resource": "PullRequest", "field": "head", "code": "invalid"])
    }
    let exists = state.pulls.values.contains {
      $0.branch == branch && $0.base == base && $0.isOpen && !$0.isMerged && !$0.isForeign
    }
    if exists { return custom("A pull request already exists for \(Self.owner):\(branch).") }
    let number = state.nextNumber
    state.nextNumber += 1
    let pull = Pull(
      number: number, title: title, body: text, branch: branch, head: head, base: base, author: state.login)
    state.pulls[number] = pull
    return json(201, summary(pull))
  }

  private func edit(_ number: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard var pull = state.pulls[number] else { return json(404, ["message": "Not Found"]) }
    if let wanted = body["state"]?.string {
      if wanted == "open", !pull.isOpen {
        if state.tip(of: pull.branch) != pull.head {
          return custom("state cannot be changed. The \(pull.branch) branch was force-pushed or recreated.")
        }
      }
      pull.isOpen = wanted == "open"
    }
    if let title = body["title"]?.string { pull.title = title }
    if let text = body["body"]?.string {
      if text.unicodeScalars.count > 65_536 { return custom("body is too long (maximum is 65536 characters)") }
      pull.body = text
    }
    state.pulls[number] = pull
    return json(200, summary(pull))
  }

  private func review(_ number: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard var pull = state.pulls[number] else { return json(404, ["message": "Not Found"]) }
    let users = (body["reviewers"]?.array ?? []).compactMap(\.string)
    let teams = (body["team_reviewers"]?.array ?? []).compactMap(\.string)
    if users.contains(pull.author) {
      return json(422, ["message": "Review cannot be requested from pull request author."])
    }
    guard state.collaborators.isSuperset(of: users), state.teams.isSuperset(of: teams) else {
      return json(
        422,
        [
          "message":
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the \(Self.repository) repository."
        ])
    }
    pull.users += users.filter { !pull.users.contains($0) }
    pull.teams += teams.filter { !pull.teams.contains($0) }
    state.pulls[number] = pull
    return json(201, summary(pull))
  }

  private func label(_ number: Int, _ labels: [String], _ state: inout State) -> LoopbackServer.Answer {
    guard var pull = state.pulls[number] else { return json(404, ["message": "Not Found"]) }
    if labels.contains(where: { $0.count > 50 }) { return custom("name is too long (maximum is 50 characters)") }
    pull.labels += labels.filter { !pull.labels.contains($0) }
    pull.wasLabelled = true
    state.pulls[number] = pull
    return json(200, .array(pull.labels.map { ["name": .string($0)] }))
  }

  private func summary(_ pull: Pull) -> JSONValue {
    [
      "number": JSONValue(pull.number), "state": .string(pull.isOpen ? "open" : "closed"),
      "html_url": .string("https://github.example.com/acme/contracts/pull/\(pull.number)"),
      "user": ["login": .string(pull.author)], "head": ["ref": .string(pull.branch), "sha": .string(pull.head)],
      "base": ["ref": .string(pull.base)],
    ]
  }

  // MARK: Apps

  func app(
    _ method: String, _ path: String, _ assertion: String, _ body: JSONValue?, _ state: inout State
  ) -> LoopbackServer.Answer {
    if let problem = state.assertion?(assertion) ?? (state.assertion == nil ? "no App" : nil) {
      return json(401, ["message": .string(problem)])
    }
    if method == "GET", path.hasSuffix("/repos/\(Self.repository)/installation") { return json(200, ["id": 77]) }
    guard method == "POST", path.hasSuffix("/app/installations/77/access_tokens") else {
      return json(404, ["message": "Not Found"])
    }
    if body?["repositories"]?[0]?.string != Self.name {
      state.violations.append("\(path): for more than the repository")
    }
    state.tokens += 1
    state.token = "installation-\(state.tokens)"
    return json(
      201,
      [
        "token": .string(state.token), "expires_at": .string(now.adding(seconds: 3600).description),
        "permissions": ["pull_requests": "write"], "repository_selection": "selected",
      ])
  }
}
