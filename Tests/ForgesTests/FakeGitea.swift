import DriftCore
import Foundation
import JSON
import Synchronization
import TestSupport

/// A small Gitea, and Forgejo, over real HTTP: one repository, pull requests, labels by number, comments, reviewers.
///
/// Whatever a request has that the documentation does not is a violation, which tests look at.
final class FakeGitea: Sendable {
  static let repository = "acme/contracts"

  struct Pull: Sendable {
    var number: Int
    var title: String
    var body: String
    var isOpen = true
    var isMerged = false
    var branch: String
    var head: String
    var base: String
    var author: String
    var isForeign = false
    var labels: [Int] = []
    var users: [String] = []
    var teams: [String] = []
    var comments: [Int] = []
    var mergedBy: String?
    var mergeCommit: String?
    var reviews: [Review] = []
  }

  struct Review: Sendable {
    var user: String?
    var state: String
    var commit: String
    var isOfficial = true
    var isStale = false
    var isDismissed = false
  }

  struct State: Sendable {
    var login = "mooring-bot"
    var branches: [String: String] = [:]
    var pulls: [Int: Pull] = [:]
    var labels: [Int: String] = [3: "bug"]
    var comments: [Int: (author: String, body: String)] = [:]
    var reviewers: Set<String> = ["sales-data", "rita"]
    var teams: Set<String> = ["data"]
    /// Author and body by number; numbered with the pull requests.
    var issues: [Int: (author: String, body: String)] = [:]
    var closedIssues: Set<Int> = []
    var nextNumber = 1
    var nextComment = 500
    var pageSize = 50
    /// As old versions do.
    var ignoresCreator = false
    /// By commit and context.
    var statuses: [String: FakeStatus] = [:]
    /// Those that are there; nil: any is.
    var commits: Set<String>?
    var faults: [FakeGitHub.Fault] = []
    var violations: [String] = []
    var requests: [String] = []
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  init() throws {
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  var url: String { server.withLock { $0?.url ?? "" } }
  var requests: [String] { state.withLock { $0.requests } }
  var violations: [String] { state.withLock { $0.violations } }
  var pulls: [Pull] { state.withLock { $0.pulls.values.sorted { $0.number < $1.number } } }

  @discardableResult
  func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  /// The names of a pull request's labels.
  func labels(of number: Int) -> [String] {
    state.withLock { state in (state.pulls[number]?.labels ?? []).compactMap { state.labels[$0] } }
  }

  func push(_ draft: PullRequestDraft) {
    state.withLock { state in
      state.branches[draft.branch] = draft.head.text
      for (number, pull) in state.pulls where pull.branch == draft.branch && pull.isOpen {
        state.pulls[number]?.head = draft.head.text
      }
    }
  }

  func fail(_ method: String, _ path: String, _ kind: FakeGitHub.Fault.Kind) {
    state.withLock { $0.faults.append(.init(method: method, path: path, kind: kind)) }
  }

  func json(_ status: Int, _ value: JSONValue, _ headers: [String] = []) -> LoopbackServer.Answer {
    .answer(status, ["Content-Type: application/json"] + headers, body: value.text)
  }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    let line = request.head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
    guard line.count == 3 else { return .cut([]) }
    let (method, target) = (line[0], line[1])
    return state.withLock { state in
      state.requests.append("\(method) \(target)")
      if let index = state.faults.firstIndex(where: { $0.method == method && target.contains($0.path) }) {
        switch state.faults.remove(at: index).kind {
        case .instead(let answer): return answer
        case .after(let answer):
          _ = handle(method, target, request, &state)
          return answer
        }
      }
      return handle(method, target, request, &state)
    }
  }

  private func handle(
    _ method: String, _ target: String, _ request: LoopbackServer.Request, _ state: inout State
  ) -> LoopbackServer.Answer {
    guard request.header("authorization") == "token gt-1" else {
      return json(401, ["message": "user does not exist [uid: 0, name: ]"])
    }
    let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
    var query: [String: String] = [:]
    for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
      query[sides[0]] = sides.count > 1 ? sides[1] : ""
    }
    let parts = halves[0].split(separator: "/").map { $0.removingPercentEncoding ?? "" }
    let body = request.body.isEmpty ? JSONValue.null : (try? JSONValue.parse(request.body)) ?? .null
    func allow(_ names: [String]) {
      for name in (body.members ?? []).map(\.name) + Array(query.keys) where !names.contains(name) {
        state.violations.append("\(method) \(target): \(name) is not documented")
      }
    }
    guard parts.starts(with: ["api", "v1"]) else { return json(404, ["message": "not found"]) }
    if method == "GET", parts.dropFirst(2) == ["user"] { return json(200, ["login": .string(state.login)]) }
    guard parts.count >= 6, parts[2] == "repos", "\(parts[3])/\(parts[4])" == Self.repository else {
      return json(404, ["message": "The target couldn't be found."])
    }
    let rest = Array(parts.dropFirst(5))
    let number = rest.count > 1 ? Int(rest[1]) ?? 0 : 0
    switch (method, rest[0], rest.count) {
    case ("GET", "issues", 1):
      allow(["type", "state", "created_by", "limit", "page", "labels", "since"])
      return query["type"] == "issues" ? json(200, issues(query["created_by"], state)) : list(target, query, state)
    case ("POST", "issues", 1):
      allow(["title", "body", "labels", "assignees", "assignee", "milestone", "closed", "due_date", "ref"])
      let number = state.nextNumber
      state.nextNumber += 1
      state.issues[number] = (state.login, body["body"]?.string ?? "")
      return json(201, issue(number, state))
    case ("GET", "issues", 2):
      allow([])
      return state.issues[number] == nil ? json(404, ["message": "not found"]) : json(200, issue(number, state))
    case ("PATCH", "issues", 2):
      allow(["title", "body", "state", "assignees", "assignee", "milestone", "due_date", "unset_due_date", "ref"])
      state.issues[number]?.body = body["body"]?.string ?? ""
      return json(201, issue(number, state))
    case ("GET", "labels", 1):
      allow(["limit", "page"])
      return json(
        200,
        .array(state.labels.sorted { $0.key < $1.key }.map { ["id": JSONValue($0.key), "name": .string($0.value)] }))
    case ("POST", "labels", 1):
      allow(["name", "color", "description", "exclusive"])
      let id = (state.labels.keys.max() ?? 0) + 1
      state.labels[id] = body["name"]?.string ?? ""
      return json(201, ["id": JSONValue(id), "name": body["name"] ?? ""])
    case ("POST", "statuses", 2):
      allow(["state", "target_url", "description", "context"])
      return setStatus(rest[1], body, &state)
    case ("GET", "commits", 3) where rest[2] == "status":
      allow(["limit", "page"])
      return statuses(of: rest[1], state)
    case ("GET", "commits", 3) where rest[2] == "pull":
      allow([])
      let found = state.pulls.values.first { $0.isMerged && $0.mergeCommit == rest[1] }
      return found.map { json(200, node($0, state)) } ?? json(404, ["message": "not found"])
    case ("GET", "pulls", 3) where rest[2] == "reviews":
      allow(["limit", "page"])
      return reviews(of: number, state)
    case ("GET", "reviewers", 1):
      return json(200, .array(state.reviewers.sorted().map { ["login": .string($0)] }))
    case ("POST", "pulls", 1):
      allow(["head", "base", "title", "body", "labels", "assignee", "assignees", "due_date", "milestone"])
      return create(body, &state)
    case ("GET", "pulls", 2):
      guard let pull = state.pulls[number] else { return json(404, ["message": "not found"]) }
      return json(200, node(pull, state))
    case ("GET", "pulls", 3...):
      let branch = rest.dropFirst(2).joined(separator: "/")
      let found = state.pulls.values.first {
        $0.isOpen && !$0.isMerged && $0.base == rest[1] && $0.branch == branch
      }
      return found.map { json(200, node($0, state)) } ?? json(404, ["message": "not found"])
    case ("PATCH", "pulls", 2):
      allow([
        "title", "body", "state", "base", "labels", "assignee", "assignees", "due_date", "milestone",
        "allow_maintainer_edit", "unset_due_date",
      ])
      guard state.pulls[number] != nil else { return json(404, ["message": "not found"]) }
      if let title = body["title"]?.string { state.pulls[number]?.title = title }
      if let text = body["body"]?.string { state.pulls[number]?.body = text }
      if let wanted = body["state"]?.string { state.pulls[number]?.isOpen = wanted == "open" }
      return json(201, state.pulls[number].map { node($0, state) } ?? .null)
    case ("POST", "pulls", 3) where rest[2] == "requested_reviewers":
      allow(["reviewers", "team_reviewers"])
      let users = (body["reviewers"]?.array ?? []).compactMap(\.string)
      let teams = (body["team_reviewers"]?.array ?? []).compactMap(\.string)
      guard state.reviewers.isSuperset(of: users.map { $0.lowercased() }), state.teams.isSuperset(of: teams) else {
        return json(404, ["message": "user does not exist"])
      }
      state.pulls[number]?.users += users
      state.pulls[number]?.teams += teams
      return json(201, [])
    case ("POST", "issues", 3) where rest[2] == "labels":
      allow(["labels"])
      let ids = (body["labels"]?.array ?? []).compactMap(\.int)
      if ids.contains(where: { state.labels[$0] == nil }) { return json(422, ["message": "no such label"]) }
      state.pulls[number]?.labels += ids
      return json(200, [])
    case ("DELETE", "issues", 4) where rest[2] == "labels":
      state.pulls[number]?.labels.removeAll { String($0) == rest[3] }
      return .answer(204)
    case ("GET", "issues", 3) where rest[2] == "comments":
      let comments = (state.pulls[number]?.comments ?? []).map { id -> JSONValue in
        [
          "id": JSONValue(id), "body": .string(state.comments[id]?.body ?? ""),
          "user": ["login": .string(state.comments[id]?.author ?? "")],
        ]
      }
      return json(200, .array(comments))
    case ("POST", "issues", 3) where rest[2] == "comments":
      allow(["body"])
      let id = state.nextComment
      state.nextComment += 1
      state.comments[id] = (state.login, body["body"]?.string ?? "")
      state.pulls[number]?.comments.append(id)
      return json(201, ["id": JSONValue(id)])
    case ("PATCH", "issues", 3) where rest[1] == "comments":
      allow(["body"])
      guard let id = Int(rest[2]), state.comments[id] != nil else { return json(404, ["message": "not found"]) }
      state.comments[id]?.body = body["body"]?.string ?? ""
      return json(200, ["id": JSONValue(id)])
    default:
      state.violations.append("\(method) \(target) is not documented here")
      return json(404, ["message": "not found"])
    }
  }

  private func list(_ target: String, _ query: [String: String], _ state: State) -> LoopbackServer.Answer {
    var found = state.pulls.values.filter {
      (query["state"] == "all" || (query["state"] == "open") == $0.isOpen)
        && (state.ignoresCreator || query["created_by"] == $0.author)
    }
    found.sort { $0.number > $1.number }
    let size = min(Int(query["limit"] ?? "30") ?? 30, state.pageSize)
    let page = Int(query["page"] ?? "1") ?? 1
    let slice = found.dropFirst((page - 1) * size).prefix(size)
    var headers: [String] = []
    if page * size < found.count {
      let path = target.replacing("&page=\(page)", with: "") + "&page=\(page + 1)"
      headers = ["Link: <\(url)\(path)>; rel=\"next\",<\(url)\(path)>; rel=\"last\""]
    }
    let nodes = slice.map { pull -> JSONValue in
      // An issue has what is common; the branches are not there.
      let members = (node(pull, state).members ?? []).filter { !["head", "base", "merged"].contains($0.name) }
      return .object(members + [JSONMember("pull_request", ["merged": .bool(pull.isMerged)])])
    }
    return json(200, .array(Array(nodes)), headers)
  }

  private func node(_ pull: Pull, _ state: State) -> JSONValue {
    [
      "id": JSONValue(9_000 + pull.number), "number": JSONValue(pull.number),
      "html_url": .string("https://git.example.com/\(Self.repository)/pulls/\(pull.number)"),
      "state": pull.isOpen && !pull.isMerged ? "open" : "closed", "merged": .bool(pull.isMerged),
      "title": .string(pull.title), "body": .string(pull.body), "user": ["login": .string(pull.author)],
      "head": [
        "ref": .string(pull.branch), "sha": .string(pull.head), "repo_id": pull.isForeign ? 6 : 5,
      ],
      "base": ["ref": .string(pull.base), "repo_id": 5],
      "closed_at": pull.isOpen ? .null : "2026-11-21T13:00:00+01:00",
      "merged_at": pull.isMerged ? "2026-11-21T13:00:00+01:00" : .null,
      "merged_by": pull.mergedBy.map { ["login": .string($0)] } ?? .null,
      "merge_commit_sha": pull.mergeCommit.map { .string($0) } ?? .null,
      "labels": .array(
        pull.labels.map { ["id": JSONValue($0), "name": .string(state.labels[$0] ?? "")] }),
    ]
  }

  private func create(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    let branch = body["head"]?.string ?? ""
    let base = body["base"]?.string ?? ""
    guard let head = state.branches[branch] else {
      return json(404, ["message": "The target couldn't be found."])
    }
    if (body["title"]?.string?.count ?? 0) > 255 { return json(422, ["message": "[Title]: MaxSize"]) }
    if state.pulls.values.contains(where: { $0.branch == branch && $0.base == base && $0.isOpen && !$0.isMerged }) {
      return json(409, ["message": "pull request already exists for these targets [id: 1, issue_id: 1]"])
    }
    var pull = Pull(
      number: state.nextNumber, title: body["title"]?.string ?? "", body: body["body"]?.string ?? "",
      branch: branch, head: head, base: base, author: state.login)
    pull.labels = (body["labels"]?.array ?? []).compactMap(\.int)
    if (body["labels"]?.array ?? []).contains(where: { $0.int == nil }) {
      state.violations.append("labels are numbers")
    }
    state.nextNumber += 1
    state.pulls[pull.number] = pull
    return json(201, node(pull, state))
  }
}
