package import DriftCore
import Foundation
import JSON
import Synchronization

/// A small GitLab over real HTTP: one project in a subgroup, merge requests, notes and users, as documented.
///
/// A request that is not as documented is refused, and is a violation besides; so is every order that a text would carry out.
package final class FakeGitLab: Sendable {
  package static let project = "acme/data/contracts"

  package struct MergeRequest: Sendable {
    package var iid: Int
    package var title: String
    package var description: String
    package var state = "opened"
    package var branch: String
    package var base: String
    package var head: String
    package var author: String
    package var isForeign = false
    package var labels: [String] = []
    /// Who closed it, while it is closed.
    package var closedBy = "mooring-bot"
    package var reviewers: [Int] = []
    package var notes: [Int] = []
    package var mergeCommit: String?
    package var squashCommit: String?
    package var mergedBy: String?
    package var isAutoMerged = false
    /// Of its newest pipeline; nil where none has begun.
    package var pipeline: String?
    /// Commits of the protected branch that came with it.
    package var landed: Set<String> = []
    /// By user, with a time where this version of GitLab says it.
    package var approvals: [(user: String, at: String?)] = []
    /// State by user.
    package var reviewerStates: [String: String] = [:]
    /// When the branch came to which commit.
    package var versions: [(at: String, head: String)] = []
  }

  package struct State: Sendable {
    package var token = "glpat-1"
    package var login = "mooring-bot"
    package var branches: [String: String] = [:]
    /// Where a branch is in the git repository behind; nil: `branches` says it.
    package var tip: (@Sendable (String) -> String?)?
    package var mergeRequests: [Int: MergeRequest] = [:]
    package var notes: [Int: (author: String, body: String)] = [:]
    package var users = ["sales-data": 11, "rita": 12, "mooring-bot": 1, "guest": 13, "robot": 14]
    package var nextIID = 1
    /// Body by number, all of our own account.
    package var issues: [Int: String] = [:]
    package var closedIssues: Set<Int> = []
    package var nextNote = 900
    /// By commit and name.
    package var statuses: [String: FakeStatus] = [:]
    /// Those that are there; nil: any is.
    package var commits: Set<String>?
    /// Access level by user; who is not here is no member.
    package var members: [String: Int] = ["sales-data": 30, "rita": 40, "mooring-bot": 30]
    package var bots: Set<String> = ["mooring-bot"]
    package var resetsApprovals = false
    /// As old versions have none.
    package var hasReviewers = true
    package var faults: [FakeGitHub.Fault] = []
    /// What somebody does just before this request, counted from 1.
    package var meanwhile: [Int: @Sendable (inout State) -> Void] = [:]
    /// Of the next project that answers; nil: the one that was asked for.
    package var answeredFor: String?
    package var violations: [String] = []
    package var requests: [String] = []
    package var pageSize = 100
    /// In the `Link` header; nil is this server.
    package var linkOrigin: String?

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
  package var mergeRequests: [MergeRequest] {
    state.withLock { $0.mergeRequests.values.sorted { $0.iid < $1.iid } }
  }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  package func push(_ draft: PullRequestDraft) {
    state.withLock { state in
      state.branches[draft.branch] = draft.head.text
      for (iid, found) in state.mergeRequests where found.branch == draft.branch && found.state == "opened" {
        state.mergeRequests[iid]?.head = draft.head.text
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
    let problems = ForgeDocumentation.gitLab.problems(with: request)
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
      if !problems.isEmpty { return json(400, ["error": .string(problems.joined(separator: "; "))]) }
      return handle(method, target, request, &state)
    }
  }

  private func handle(
    _ method: String, _ target: String, _ request: LoopbackServer.Request, _ state: inout State
  ) -> LoopbackServer.Answer {
    guard request.header("private-token") == state.token else { return json(401, ["message": "401 Unauthorized"]) }
    let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
    var query: [String: String] = [:]
    for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
      let value = sides.count > 1 ? sides[1] : ""
      // A list is given one by one.
      let before = sides[0].hasSuffix("[]") ? query[sides[0]].map { $0 + "," } : nil
      query[sides[0]] = (before ?? "") + value
    }
    let parts = halves[0].split(separator: "/").map { $0.removingPercentEncoding ?? "" }
    let body = request.body.isEmpty ? JSONValue.null : (try? JSONValue.parse(request.body)) ?? .null
    if method == "POST", parts == ["api", "graphql"] { return graphQL(body, &state) }
    guard parts.starts(with: ["api", "v4"]) else { return json(404, ["error": "404 Not Found"]) }
    if let answer = commits(method, Array(parts.dropFirst(2)), query, body, &state) { return answer }
    if method == "GET", parts.count == 3, parts[2] == "users" {
      let id = state.users[query["username"] ?? ""]
      return json(200, id.map { [["id": JSONValue($0), "username": .string(query["username"] ?? "")]] } ?? [])
    }
    guard parts.count >= 5, parts[2] == "projects", parts[3] == Self.project, parts[4] == "merge_requests" else {
      return json(404, ["message": "404 Project Not Found"])
    }
    let iid = parts.count > 5 ? Int(parts[5]) ?? 0 : 0
    switch (method, parts.count) {
    case ("GET", 5):
      return list(target, query, &state)
    case ("POST", 5):
      return create(body, &state)
    case ("GET", 6):
      return state.mergeRequests[iid].map { json(200, node($0)) } ?? json(404, ["message": "404 Not found"])
    case ("PUT", 7) where parts[6] == "merge":
      return accept(iid, body, &state)
    case ("PUT", 6):
      return edit(iid, body, &state)
    case ("GET", 7) where parts[6] == "notes":
      let ids = state.mergeRequests[iid]?.notes ?? []
      let notes = (query["sort"] == "asc" ? ids : ids.reversed()).map { id -> JSONValue in
        [
          "id": JSONValue(id), "body": .string(state.notes[id]?.body ?? ""), "system": false,
          "author": ["username": .string(state.notes[id]?.author ?? "")],
        ]
      }
      return paged(target, query, notes, state)
    case ("POST", 7) where parts[6] == "notes":
      let id = state.nextNote
      state.nextNote += 1
      state.notes[id] = (state.login, body["body"]?.string ?? "")
      state.mergeRequests[iid]?.notes.append(id)
      obey(body["body"]?.string ?? "", &state)
      return json(201, ["id": JSONValue(id)])
    case ("PUT", 8) where parts[6] == "notes":
      guard let id = Int(parts[7]), state.notes[id] != nil else { return json(404, ["message": "404 Not found"]) }
      state.notes[id]?.body = body["body"]?.string ?? ""
      return json(200, ["id": JSONValue(id)])
    default: return json(404, ["error": "404 Not Found"])
    }
  }

  /// Without a pipeline under way GitLab merges at once, whatever was asked for.
  private func accept(_ iid: Int, _ body: JSONValue, _ state: inout State) -> LoopbackServer.Answer {
    guard let found = state.mergeRequests[iid] else { return json(404, ["message": "404 Not found"]) }
    if (state.members[state.login] ?? 0) < 30 { return json(401, ["message": "401 Unauthorized"]) }
    if let sha = body["sha"]?.string, sha != found.head {
      return json(409, ["message": "SHA does not match HEAD of source branch"])
    }
    if found.state != "opened" || found.pipeline == "failed" { return json(405, ["message": "405 Method Not Allowed"]) }
    if body["auto_merge"]?.bool == true, ["pending", "running"].contains(found.pipeline) {
      state.mergeRequests[iid]?.isAutoMerged = true
    } else {
      state.mergeRequests[iid]?.state = "merged"
    }
    return json(200, state.mergeRequests[iid].map { node($0) } ?? .null)
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
        && (query["iids[]"].map { [iid = $0.iid] in $0.split(separator: ",").contains("\(iid)") } ?? true)
        && query["source_branch"] ?? $0.branch == $0.branch && query["target_branch"] ?? $0.base == $0.base
    }
    found.sort { $0.iid > $1.iid }
    return paged(target, query, found.map { node($0, state.answeredFor) }, state)
  }

  private func paged(
    _ target: String, _ query: [String: String], _ found: [JSONValue], _ state: State
  ) -> LoopbackServer.Answer {
    let size = min(Int(query["per_page"] ?? "20") ?? 20, state.pageSize)
    let page = Int(query["page"] ?? "1") ?? 1
    var headers: [String] = []
    if page * size < found.count {
      let path = target.replacing("&page=\(page)", with: "") + "&page=\(page + 1)"
      let origin = state.linkOrigin ?? url
      headers = ["Link: <\(origin)\(path)>; rel=\"next\", <\(origin)\(path)>; rel=\"last\""]
    }
    headers.append("X-Total: \(found.count)")
    return json(200, .array(Array(found.dropFirst((page - 1) * size).prefix(size))), headers)
  }

  func node(_ found: MergeRequest, _ project: String? = nil) -> JSONValue {
    [
      "references": ["full": .string("\(project ?? Self.project)!\(found.iid)")],
      "id": JSONValue(70_000 + found.iid), "iid": JSONValue(found.iid), "project_id": 5,
      "web_url": .string("https://gitlab.example.com/\(Self.project)/-/merge_requests/\(found.iid)"),
      "state": .string(found.state), "title": .string(found.title), "description": .string(found.description),
      "source_branch": .string(found.branch), "target_branch": .string(found.base), "sha": .string(found.head),
      "merge_when_pipeline_succeeds": .bool(found.isAutoMerged),
      "head_pipeline": found.pipeline.map { ["id": 81, "status": .string($0)] } ?? .null,
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
    guard let head = state.tip(of: branch) else {
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
    case "close" where found.state == "opened": found.state = "closed"
    case "reopen":
      if state.tip(of: found.branch) == nil { return json(422, ["message": ["Source branch does not exist"]]) }
      found.state = "opened"
    default: break
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
