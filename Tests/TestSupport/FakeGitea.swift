package import DriftCore
import Foundation
import JSON
import Synchronization

/// A small Gitea, and Forgejo, over real HTTP: one repository, pull requests, labels by number, comments, reviewers.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeGitea: Sendable {
  package static let repository = "acme/contracts"

  package struct Pull: Sendable {
    package var number: Int
    package var title: String
    package var body: String
    package var isOpen = true
    package var isMerged = false
    package var closedBy = "mooring-bot"
    package var branch: String
    package var head: String
    package var base: String
    package var author: String
    package var isForeign = false
    package var labels: [Int] = []
    package var users: [String] = []
    package var teams: [String] = []
    package var comments: [Int] = []
    package var mergedBy: String?
    package var isAutoMerged = false
    package var mergeCommit: String?
    package var reviews: [Review] = []
  }

  package struct Review: Sendable {
    package var user: String?
    package var state: String
    package var commit: String
    package var isOfficial = true
    package var isStale = false
    package var isDismissed = false

    package init(
      user: String?, state: String, commit: String, isOfficial: Bool = true, isStale: Bool = false,
      isDismissed: Bool = false
    ) {
      self.user = user
      self.state = state
      self.commit = commit
      self.isOfficial = isOfficial
      self.isStale = isStale
      self.isDismissed = isDismissed
    }
  }

  package struct State: Sendable {
    package var token = "gt-1"
    package var login = "mooring-bot"
    package var branches: [String: String] = [:]
    /// Where a branch is in the git repository behind; nil: `branches` says it.
    package var tip: (@Sendable (String) -> String?)?
    package var pulls: [Int: Pull] = [:]
    package var labels: [Int: String] = [3: "bug"]
    package var comments: [Int: (author: String, body: String)] = [:]
    package var reviewers: Set<String> = ["sales-data", "rita"]
    package var teams: Set<String> = ["data"]
    /// Author and body by number; numbered with the pull requests.
    package var issues: [Int: (author: String, body: String)] = [:]
    package var closedIssues: Set<Int> = []
    package var nextNumber = 1
    package var nextComment = 500
    package var pageSize = 50
    /// In the `Link` header; nil is this server.
    package var linkOrigin: String?
    /// As old versions do.
    package var ignoresCreator = false
    /// Accounts are known by their ids, and may change their names.
    package var ids = ["mooring-bot": 1]
    /// By commit and context.
    package var statuses: [String: FakeStatus] = [:]
    /// Those that are there; nil: any is.
    package var commits: Set<String>?
    package var faults: [FakeGitHub.Fault] = []
    /// What somebody does just before this request, counted from 1.
    package var meanwhile: [Int: @Sendable (inout State) -> Void] = [:]
    /// Of the repository that answers.
    package var answeredFor = FakeGitea.repository
    package var violations: [String] = []
    package var requests: [String] = []

    func tip(of branch: String) -> String? { tip.map { $0(branch) } ?? branches[branch] }
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  package init() throws {
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  package var url: String { server.withLock { $0?.url ?? "" } }
  package var requests: [String] { state.withLock { $0.requests } }
  package var violations: [String] { state.withLock { $0.violations } }
  package var pulls: [Pull] { state.withLock { $0.pulls.values.sorted { $0.number < $1.number } } }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  /// The names of a pull request's labels.
  package func labels(of number: Int) -> [String] {
    state.withLock { state in (state.pulls[number]?.labels ?? []).compactMap { state.labels[$0] } }
  }

  package func push(_ draft: PullRequestDraft) {
    state.withLock { state in
      state.branches[draft.branch] = draft.head.text
      for (number, pull) in state.pulls where pull.branch == draft.branch && pull.isOpen {
        state.pulls[number]?.head = draft.head.text
      }
    }
  }

  package func fail(_ method: String, _ path: String, _ kind: FakeGitHub.Fault.Kind) {
    state.withLock { $0.faults.append(.init(method: method, path: path, kind: kind)) }
  }

  func json(_ status: Int, _ value: JSONValue, _ headers: [String] = []) -> LoopbackServer.Answer {
    .answer(status, ["Content-Type: application/json"] + headers, body: value.text)
  }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    let line = request.head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
    guard line.count == 3 else { return .cut([]) }
    let (method, target) = (line[0], line[1])
    let problems = ForgeDocumentation.gitea.problems(with: request)
    return state.withLock { state in
      state.requests.append("\(method) \(target)")
      state.violations += problems
      state.meanwhile.removeValue(forKey: state.requests.count)?(&state)
      if let index = state.faults.firstIndex(where: { $0.isFor(method, target, state.requests.count) }) {
        switch state.faults.remove(at: index).kind {
        case .instead(let answer): return answer
        case .after(let answer):
          _ = handle(method, target, request, &state)
          return answer
        }
      }
      if !problems.isEmpty { return json(400, ["message": .string(problems.joined(separator: "; "))]) }
      return handle(method, target, request, &state)
    }
  }

  private func handle(
    _ method: String, _ target: String, _ request: LoopbackServer.Request, _ state: inout State
  ) -> LoopbackServer.Answer {
    guard request.header("authorization") == "token \(state.token)" else {
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
    guard parts.starts(with: ["api", "v1"]) else { return json(404, ["message": "not found"]) }
    if method == "GET", parts.dropFirst(2) == ["user"] { return json(200, user(state.login, state)) }
    guard parts.count >= 6, parts[2] == "repos", "\(parts[3])/\(parts[4])" == Self.repository else {
      return json(404, ["message": "The target couldn't be found."])
    }
    let rest = Array(parts.dropFirst(5))
    let number = rest.count > 1 ? Int(rest[1]) ?? 0 : 0
    switch (method, rest[0], rest.count) {
    case ("GET", "issues", 1):
      return list(target, query, state)
    case ("POST", "issues", 1):
      let number = state.nextNumber
      state.nextNumber += 1
      state.issues[number] = (state.login, body["body"]?.string ?? "")
      return json(201, issue(number, state))
    case ("GET", "issues", 2):
      return state.issues[number] == nil ? json(404, ["message": "not found"]) : json(200, issue(number, state))
    case ("PATCH", "issues", 2):
      state.issues[number]?.body = body["body"]?.string ?? ""
      return json(201, issue(number, state))
    case ("GET", "labels", 1):
      return json(
        200,
        .array(state.labels.sorted { $0.key < $1.key }.map { ["id": JSONValue($0.key), "name": .string($0.value)] }))
    case ("POST", "labels", 1):
      let id = (state.labels.keys.max() ?? 0) + 1
      state.labels[id] = body["name"]?.string ?? ""
      return json(201, ["id": JSONValue(id), "name": body["name"] ?? ""])
    case ("POST", "statuses", 2):
      return setStatus(rest[1], body, &state)
    case ("GET", "commits", 3) where rest[2] == "status":
      return statuses(of: rest[1], state)
    case ("GET", "commits", 3) where rest[2] == "pull":
      let found = state.pulls.values.first { $0.isMerged && $0.mergeCommit == rest[1] }
      return found.map { json(200, node($0, state)) } ?? json(404, ["message": "not found"])
    case ("GET", "pulls", 3) where rest[2] == "reviews":
      return reviews(of: number, state)
    case ("GET", "reviewers", 1):
      return json(200, .array(state.reviewers.sorted().map { ["login": .string($0)] }))
    case ("POST", "pulls", 1):
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
      guard let pull = state.pulls[number] else { return json(404, ["message": "not found"]) }
      if pull.isMerged, body["state"] != nil {
        return json(412, ["message": "cannot change state of this pull request, it was already merged"])
      }
      if let title = body["title"]?.string { state.pulls[number]?.title = title }
      if let text = body["body"]?.string { state.pulls[number]?.body = text }
      if let wanted = body["state"]?.string { state.pulls[number]?.isOpen = wanted == "open" }
      return json(201, state.pulls[number].map { node($0, state) } ?? .null)
    case ("POST", "pulls", 3) where rest[2] == "merge":
      return merge(number, body, &state)
    case ("DELETE", "pulls", 3) where rest[2] == "merge":
      guard state.pulls[number]?.isAutoMerged == true else { return json(404, ["message": "not found"]) }
      state.pulls[number]?.isAutoMerged = false
      return .answer(204)
    case ("POST", "pulls", 3) where rest[2] == "requested_reviewers":
      let users = (body["reviewers"]?.array ?? []).compactMap(\.string)
      let teams = (body["team_reviewers"]?.array ?? []).compactMap(\.string)
      guard state.reviewers.isSuperset(of: users.map { $0.lowercased() }), state.teams.isSuperset(of: teams) else {
        return json(404, ["message": "user does not exist"])
      }
      let asked = state.pulls[number]
      state.pulls[number]?.users += users.filter { asked?.users.contains($0) == false }
      state.pulls[number]?.teams += teams.filter { asked?.teams.contains($0) == false }
      return json(201, [])
    case ("POST", "issues", 3) where rest[2] == "labels":
      let ids = (body["labels"]?.array ?? []).compactMap(\.int)
      if ids.contains(where: { state.labels[$0] == nil }) { return json(422, ["message": "no such label"]) }
      state.pulls[number]?.labels += ids
      return json(200, [])
    case ("DELETE", "issues", 4) where rest[2] == "labels":
      state.pulls[number]?.labels.removeAll { String($0) == rest[3] }
      return .answer(204)
    case ("GET", "issues", 3) where rest[2] == "timeline":
      guard let pull = state.pulls[number] else { return json(404, ["message": "not found"]) }
      func event(_ type: String, _ user: String) -> JSONValue {
        ["type": .string(type), "created_at": "2026-11-21T12:00:00Z", "user": self.user(user, state)]
      }
      return json(200, .array([event("label", pull.author)] + (pull.isOpen ? [] : [event("close", pull.closedBy)])))
    case ("GET", "issues", 3) where rest[2] == "comments":
      let comments = (state.pulls[number]?.comments ?? []).map { id -> JSONValue in
        [
          "id": JSONValue(id), "body": .string(state.comments[id]?.body ?? ""),
          "user": user(state.comments[id]?.author ?? "", state),
        ]
      }
      return json(200, .array(comments))
    case ("POST", "issues", 3) where rest[2] == "comments":
      let id = state.nextComment
      state.nextComment += 1
      state.comments[id] = (state.login, body["body"]?.string ?? "")
      state.pulls[number]?.comments.append(id)
      return json(201, ["id": JSONValue(id)])
    case ("PATCH", "issues", 3) where rest[1] == "comments":
      guard let id = Int(rest[2]), state.comments[id] != nil else { return json(404, ["message": "not found"]) }
      state.comments[id]?.body = body["body"]?.string ?? ""
      return json(200, ["id": JSONValue(id)])
    default: return json(404, ["message": "not found"])
    }
  }

  /// Where no check is pending Gitea merges at once, whatever was asked for.
  private func merge(_ number: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard let pull = state.pulls[number], pull.isOpen else { return json(404, ["message": "not found"]) }
    if pull.isAutoMerged {
      return json(409, ["message": "pull request is already scheduled to auto merge when checks succeed [pull_id: 7]"])
    }
    let isPending = state.statuses.contains { $0.key.hasPrefix(pull.head) && $0.value.state == "pending" }
    if body["merge_when_checks_succeed"]?.bool == true, isPending {
      state.pulls[number]?.isAutoMerged = true
      return .answer(201)
    }
    if let head = body["head_commit_id"]?.string, head != pull.head {
      return json(409, ["message": "Wrong commit ID"])
    }
    state.pulls[number]?.isMerged = true
    return .answer(200)
  }

  /// Pull requests and issues, newest first; those of an unknown account are not found.
  private func list(_ target: String, _ query: [String: String], _ state: State) -> LoopbackServer.Answer {
    let author = query["created_by"]
    if let author, author != state.login, state.ids[author] == nil {
      return json(404, ["message": "user does not exist"])
    }
    func isWanted(_ kind: String, isOpen: Bool, _ owner: String) -> Bool {
      query["type"] ?? kind == kind && (query["state"] == "all" || (query["state"] == "open") == isOpen)
        && (state.ignoresCreator || author == owner)
    }
    let repository = JSONMember("repository", ["full_name": .string(state.answeredFor)])
    var found: [(number: Int, node: JSONValue)] = []
    for pull in state.pulls.values where isWanted("pulls", isOpen: pull.isOpen, pull.author) {
      // An issue has what is common; the branches are not there.
      let members = (node(pull, state).members ?? []).filter { !["head", "base", "merged"].contains($0.name) }
      let inner: JSONValue = ["merged": .bool(pull.isMerged)]
      found.append((pull.number, .object(members + [JSONMember("pull_request", inner), repository])))
    }
    for (number, issue) in state.issues
    where isWanted("issues", isOpen: !state.closedIssues.contains(number), issue.author) {
      found.append((number, self.issue(number, state)))
    }
    found.sort { $0.number > $1.number }
    let size = min(Int(query["limit"] ?? "30") ?? 30, state.pageSize)
    let page = Int(query["page"] ?? "1") ?? 1
    var headers: [String] = []
    if page * size < found.count {
      let path = target.replacing("&page=\(page)", with: "") + "&page=\(page + 1)"
      let origin = state.linkOrigin ?? url
      headers = ["Link: <\(origin)\(path)>; rel=\"next\",<\(origin)\(path)>; rel=\"last\""]
    }
    headers.append("X-Total-Count: \(found.count)")
    return json(200, .array(found.dropFirst((page - 1) * size).prefix(size).map(\.node)), headers)
  }

  /// Others than ours have the id 99, or one that a test gave them.
  func user(_ login: String, _ state: State) -> JSONValue {
    ["id": JSONValue(state.ids[login] ?? 99), "login": .string(login)]
  }

  private func node(_ pull: Pull, _ state: State) -> JSONValue {
    [
      "id": JSONValue(9_000 + pull.number), "number": JSONValue(pull.number),
      "html_url": .string("https://git.example.com/\(Self.repository)/pulls/\(pull.number)"),
      "state": pull.isOpen && !pull.isMerged ? "open" : "closed", "merged": .bool(pull.isMerged),
      "title": .string(pull.title), "body": .string(pull.body), "user": user(pull.author, state),
      "head": [
        "ref": .string(pull.branch), "sha": .string(pull.head), "repo_id": pull.isForeign ? 6 : 5,
      ],
      "base": ["ref": .string(pull.base), "repo_id": 5, "repo": ["full_name": .string(state.answeredFor)]],
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
    guard let head = state.tip(of: branch) else {
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
    state.nextNumber += 1
    state.pulls[pull.number] = pull
    return json(201, node(pull, state))
  }
}
