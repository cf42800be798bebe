import DriftCore
import Foundation
import JSON
import Synchronization
import TestSupport

/// A small GitLab over real HTTP: one project in a subgroup, merge requests, notes and users, as documented.
///
/// Whatever a request has that the documentation does not, and every order that a text would carry out, is a violation.
final class FakeGitLab: Sendable {
  static let project = "acme/data/contracts"

  struct MergeRequest: Sendable {
    var iid: Int
    var title: String
    var description: String
    var state = "opened"
    var branch: String
    var base: String
    var head: String
    var author: String
    var isForeign = false
    var labels: [String] = []
    /// Who closed it, while it is closed.
    var closedBy = "mooring-bot"
    var reviewers: [Int] = []
    var notes: [Int] = []
    var mergeCommit: String?
    var squashCommit: String?
    var mergedBy: String?
    /// Commits of the protected branch that came with it.
    var landed: Set<String> = []
    /// By user, with a time where this version of GitLab says it.
    var approvals: [(user: String, at: String?)] = []
    /// State by user.
    var reviewerStates: [String: String] = [:]
    /// When the branch came to which commit.
    var versions: [(at: String, head: String)] = []
  }

  struct State: Sendable {
    var login = "mooring-bot"
    var branches: [String: String] = [:]
    var mergeRequests: [Int: MergeRequest] = [:]
    var notes: [Int: (author: String, body: String)] = [:]
    var users = ["sales-data": 11, "rita": 12, "mooring-bot": 1, "guest": 13, "robot": 14]
    var nextIID = 1
    /// Body by number, all of our own account.
    var issues: [Int: String] = [:]
    var closedIssues: Set<Int> = []
    var nextNote = 900
    /// By commit and name.
    var statuses: [String: FakeStatus] = [:]
    /// Those that are there; nil: any is.
    var commits: Set<String>?
    /// Access level by user; who is not here is no member.
    var members: [String: Int] = ["sales-data": 30, "rita": 40, "mooring-bot": 30]
    var bots: Set<String> = ["mooring-bot"]
    var resetsApprovals = false
    /// As old versions have none.
    var hasReviewers = true
    var faults: [FakeGitHub.Fault] = []
    var violations: [String] = []
    var requests: [String] = []
    var pageSize = 100
    /// In the `Link` header; nil is this server.
    var linkOrigin: String?
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
  var mergeRequests: [MergeRequest] {
    state.withLock { $0.mergeRequests.values.sorted { $0.iid < $1.iid } }
  }

  @discardableResult
  func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  func push(_ draft: PullRequestDraft) {
    state.withLock { state in
      state.branches[draft.branch] = draft.head.text
      for (iid, found) in state.mergeRequests where found.branch == draft.branch && found.state == "opened" {
        state.mergeRequests[iid]?.head = draft.head.text
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
      if request.header("user-agent")?.isEmpty ?? true { state.violations.append("no user agent") }
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
    guard request.header("private-token") == "glpat-1" else { return json(401, ["message": "401 Unauthorized"]) }
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
    guard parts.starts(with: ["api", "v4"]) else { return json(404, ["error": "404 Not Found"]) }
    if method == "GET", parts.count == 3, parts[2] == "users" {
      allow(["username"])
      let id = state.users[query["username"] ?? ""]
      return json(200, id.map { [["id": JSONValue($0), "username": .string(query["username"] ?? "")]] } ?? [])
    }
    if let answer = commits(method, Array(parts.dropFirst(2)), query, body, &state) { return answer }
    guard parts.count >= 5, parts[2] == "projects", parts[3] == Self.project, parts[4] == "merge_requests" else {
      return json(404, ["message": "404 Project Not Found"])
    }
    let iid = parts.count > 5 ? Int(parts[5]) ?? 0 : 0
    switch (method, parts.count) {
    case ("GET", 5):
      allow([
        "scope", "state", "order_by", "sort", "per_page", "page", "iids[]", "source_branch", "target_branch",
      ])
      return list(target, query, &state)
    case ("POST", 5):
      allow([
        "source_branch", "target_branch", "title", "description", "labels", "reviewer_ids", "assignee_ids",
        "remove_source_branch", "squash", "milestone_id", "target_project_id",
      ])
      return create(body, &state)
    case ("PUT", 6):
      allow([
        "title", "description", "state_event", "add_labels", "remove_labels", "labels", "target_branch",
        "reviewer_ids", "remove_source_branch", "squash", "discussion_locked",
      ])
      return edit(iid, body, &state)
    case ("GET", 7) where parts[6] == "notes":
      allow(["sort", "order_by", "per_page", "page"])
      let ids = state.mergeRequests[iid]?.notes ?? []
      let notes = (query["sort"] == "asc" ? ids : ids.reversed()).map { id -> JSONValue in
        [
          "id": JSONValue(id), "body": .string(state.notes[id]?.body ?? ""), "system": false,
          "author": ["username": .string(state.notes[id]?.author ?? "")],
        ]
      }
      return json(200, .array(notes))
    case ("POST", 7) where parts[6] == "notes":
      allow(["body", "internal", "created_at"])
      let id = state.nextNote
      state.nextNote += 1
      state.notes[id] = (state.login, body["body"]?.string ?? "")
      state.mergeRequests[iid]?.notes.append(id)
      obey(body["body"]?.string ?? "", &state)
      return json(201, ["id": JSONValue(id)])
    case ("PUT", 8) where parts[6] == "notes":
      allow(["body"])
      guard let id = Int(parts[7]), state.notes[id] != nil else { return json(404, ["message": "404 Not found"]) }
      state.notes[id]?.body = body["body"]?.string ?? ""
      return json(200, ["id": JSONValue(id)])
    default:
      state.violations.append("\(method) \(target) is not documented here")
      return json(404, ["error": "404 Not Found"])
    }
  }

  /// GitLab carries out a line that begins with an order, for whoever wrote the text.
  private func obey(_ text: String, _ state: inout State) {
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("/") { state.violations.append("carried out: \(line)") }
    }
  }

  private func list(_ target: String, _ query: [String: String], _ state: inout State) -> LoopbackServer.Answer {
    var found = state.mergeRequests.values.filter {
      (query["scope"] == "created_by_me" ? $0.author == state.login : true)
        && (query["state"] == "all" || query["state"] == $0.state)
        && (query["iids[]"].map { [iid = $0.iid] in $0 == String(iid) } ?? true)
        && query["source_branch"] ?? $0.branch == $0.branch && query["target_branch"] ?? $0.base == $0.base
    }
    found.sort { $0.iid > $1.iid }
    let size = min(Int(query["per_page"] ?? "20") ?? 20, state.pageSize)
    let page = Int(query["page"] ?? "1") ?? 1
    let slice = found.dropFirst((page - 1) * size).prefix(size)
    var headers: [String] = []
    if page * size < found.count {
      let path = target.replacing("&page=\(page)", with: "") + "&page=\(page + 1)"
      let origin = state.linkOrigin ?? url
      headers = ["Link: <\(origin)\(path)>; rel=\"next\", <\(origin)\(path)>; rel=\"last\""]
    }
    return json(200, .array(slice.map { node($0) }), headers)
  }

  func node(_ found: MergeRequest) -> JSONValue {
    [
      "id": JSONValue(70_000 + found.iid), "iid": JSONValue(found.iid), "project_id": 5,
      "web_url": .string("https://gitlab.example.com/\(Self.project)/-/merge_requests/\(found.iid)"),
      "state": .string(found.state), "title": .string(found.title), "description": .string(found.description),
      "source_branch": .string(found.branch), "target_branch": .string(found.base), "sha": .string(found.head),
      "source_project_id": found.isForeign ? 6 : 5, "target_project_id": 5,
      "author": ["id": JSONValue(found.author == "mooring-bot" ? 1 : 99), "username": .string(found.author)],
      "labels": .array(found.labels.map { .string($0) }),
      "closed_at": found.state == "closed" ? "2026-11-21T12:00:00.500Z" : .null,
      "closed_by": found.state == "closed" ? ["id": 7, "username": .string(found.closedBy)] : .null,
    ]
  }

  private func create(_ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    let branch = body["source_branch"]?.string ?? ""
    let base = body["target_branch"]?.string ?? ""
    if let problem = lengthProblem(body) { return problem }
    guard let head = state.branches[branch] else {
      return json(422, ["message": ["Source branch \"\(branch)\" does not exist"]])
    }
    let other = state.mergeRequests.values.first {
      $0.branch == branch && $0.base == base && $0.state == "opened" && !$0.isForeign
    }
    if let other {
      return json(
        409, ["message": ["Another open merge request already exists for this source branch: !\(other.iid)"]])
    }
    var made = MergeRequest(
      iid: state.nextIID, title: body["title"]?.string ?? "", description: body["description"]?.string ?? "",
      branch: branch, base: base, head: head, author: state.login)
    made.labels = (body["labels"]?.string ?? "").split(separator: ",").map(String.init)
    made.reviewers = (body["reviewer_ids"]?.array ?? []).compactMap(\.int)
    made.versions = [("2026-11-21T10:00:00.000Z", head)]
    obey(made.description, &state)
    state.nextIID += 1
    state.mergeRequests[made.iid] = made
    return json(201, node(made))
  }

  private func edit(_ iid: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard var found = state.mergeRequests[iid] else { return json(404, ["message": "404 Not found"]) }
    if let problem = lengthProblem(body) { return problem }
    switch body["state_event"]?.string {
    case "close": found.state = "closed"
    case "reopen":
      if state.branches[found.branch] == nil { return json(422, ["message": ["Source branch does not exist"]]) }
      found.state = "opened"
    case let event?: state.violations.append("state_event \(event)")
    case nil: break
    }
    if let title = body["title"]?.string { found.title = title }
    if let text = body["description"]?.string {
      obey(text, &state)
      found.description = text
    }
    let added = (body["add_labels"]?.string ?? "").split(separator: ",").map(String.init)
    let removed = (body["remove_labels"]?.string ?? "").split(separator: ",").map(String.init)
    found.labels = found.labels.filter { !removed.contains($0) } + added.filter { !found.labels.contains($0) }
    state.mergeRequests[iid] = found
    return json(200, node(found))
  }

  private func lengthProblem(_ body: JSONValue) -> LoopbackServer.Answer? {
    if (body["title"]?.string?.unicodeScalars.count ?? 1) > 255 {
      return json(400, ["message": ["title": ["is too long (maximum is 255 characters)"]]])
    }
    if (body["description"]?.string?.unicodeScalars.count ?? 0) > 1_048_576 {
      return json(400, ["message": ["description": ["is too long (maximum is 1048576 characters)"]]])
    }
    return nil
  }
}
