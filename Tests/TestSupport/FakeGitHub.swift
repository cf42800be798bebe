package import DriftCore
import Foundation
import JSON
import Synchronization

/// A small GitHub over real HTTP: one repository, pull requests, labels, comments, reviewers, Apps and limits, as documented.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeGitHub: Sendable {
  package static let repository = "acme/contracts"
  package static let owner = "acme"
  package static let name = "contracts"
  /// 2026-11-21 12:00:00 UTC.
  package static let start = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

  package struct Pull: Sendable {
    package var number: Int
    package var title: String
    package var body: String
    package var isOpen = true
    package var isMerged = false
    package var branch: String
    /// Where the branch was when the pull request was last open.
    package var head: String
    package var base: String
    package var author: String
    package var isForeign = false
    package var labels: [String] = []
    package var wasLabelled = false
    package var users: [String] = []
    package var teams: [String] = []
    package var comments: [Int] = []
    package var mergedBy: String?
    /// By which method it is merged as soon as its checks allow it.
    package var autoMerge: String?
    package var mergeCommit: String?
    /// Commits of the protected branch that came with it.
    package var landed: Set<String> = []
    package var reviews: [Review] = []
  }

  package struct Review: Sendable {
    package var author: String?
    package var type = "User"
    package var state: String
    package var commit: String?
    package var canPush = true

    package init(_ author: String?, _ state: String, at commit: String?, type: String = "User", canPush: Bool = true) {
      self.author = author
      self.type = type
      self.state = state
      self.commit = commit
      self.canPush = canPush
    }
  }

  package struct Comment: Sendable {
    package var author: String
    package var body: String

    package init(author: String, body: String) {
      self.author = author
      self.body = body
    }
  }

  package struct Issue: Sendable {
    package var number: Int
    package var title: String
    package var body: String
    package var author: String
    package var isOpen = true
    package var labels: [String] = []

    package init(number: Int, title: String, body: String, author: String, labels: [String] = []) {
      self.number = number
      self.title = title
      self.body = body
      self.author = author
      self.labels = labels
    }
  }

  package struct Fault: Sendable {
    package enum Kind: Sendable {
      /// Answers this, and does nothing.
      case instead(LoopbackServer.Answer)
      /// Does it, and answers this.
      case after(LoopbackServer.Answer)
    }

    package var method: String
    package var path: String
    /// Of the request, counted from 1; nil: the first one of this method whose path holds `path`.
    package var number: Int?
    package var kind: Kind

    package init(method: String = "", path: String = "", number: Int? = nil, kind: Kind) {
      self.method = method
      self.path = path
      self.number = number
      self.kind = kind
    }

    package func isFor(_ method: String, _ target: String, _ number: Int) -> Bool {
      self.number.map { $0 == number } ?? (self.method == method && target.contains(path))
    }
  }

  package struct State: Sendable {
    package var token = "token-1"
    package var login = "mooring-bot"
    package var branches: [String: String] = [:]
    /// Where a branch is in the git repository behind; nil: `branches` says it.
    package var tip: (@Sendable (String) -> String?)?
    package var pulls: [Int: Pull] = [:]
    package var comments: [Int: Comment] = [:]
    package var issues: [Int: Issue] = [:]
    /// As the repository's settings say.
    package var hasIssues = true
    package var allowsAutoMerge = true
    /// Something has to pass before a pull request may be merged.
    package var hasChecks = true
    package var mergeMethod = "SQUASH"
    package var nextNumber = 1
    /// Beyond 32 bits, as they are today.
    package var nextComment = 5_000_000_001
    package var collaborators: Set<String> = ["sales-data", "rita", "mooring-bot"]
    package var teams: Set<String> = ["data"]
    /// By commit and context.
    package var statuses: [String: FakeStatus] = [:]
    /// Those that are there; nil: any is.
    package var commits: Set<String>?
    package var faults: [Fault] = []
    /// What somebody does just before this request, counted from 1.
    package var meanwhile: [Int: @Sendable (inout State) -> Void] = [:]
    package var violations: [String] = []
    /// `POST /repos/acme/contracts/pulls`.
    package var requests: [String] = []
    package var writes: [Duration] = []
    package var pageSize = 100
    /// What an App's assertion has to be.
    package var assertion: (@Sendable (String) -> String?)?
    package var tokens = 0

    func tip(of branch: String) -> String? { tip.map { $0(branch) } ?? branches[branch] }

    /// An open pull request is where its branch is, and closed where its branch is no more.
    mutating func follow() {
      guard let tip else { return }
      for (number, pull) in pulls where pull.isOpen && !pull.isForeign {
        let head = tip(pull.branch)
        if let head { pulls[number]?.head = head } else { pulls[number]?.isOpen = false }
      }
    }
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)
  /// Of the account under test; content may be created 80 times a minute by it.
  package let clock: ImmediateClock

  package init(clock: ImmediateClock = ImmediateClock()) throws {
    self.clock = clock
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  package var url: String { server.withLock { $0?.url ?? "" } }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  package var pulls: [Pull] { state.withLock { $0.pulls.values.sorted { $0.number < $1.number } } }
  package var requests: [String] { state.withLock { $0.requests } }
  package var violations: [String] { state.withLock { $0.violations } }
  package var now: Timestamp { Self.start.adding(seconds: clock.now.offset.components.seconds) }

  package func push(_ draft: PullRequestDraft) { push(draft.branch, draft.head.text) }

  package func push(_ branch: String, _ commit: String) {
    state.withLock { state in
      state.branches[branch] = commit
      for (number, pull) in state.pulls where pull.branch == branch && pull.isOpen && !pull.isForeign {
        state.pulls[number]?.head = commit
      }
    }
  }

  /// As a person would on the web page.
  package func closeByHand(_ number: Int) {
    state.withLock { state in
      state.follow()
      state.pulls[number]?.isOpen = false
    }
  }

  /// As GitHub does when the branch has been merged, in whatever way.
  package func markMerged(_ number: Int) {
    closeByHand(number)
    state.withLock { $0.pulls[number]?.isMerged = true }
  }

  /// As the button does, or with `landed` as a rebase of several commits does.
  package func merge(_ number: Int, as commit: String, by person: String, landed: Set<String> = []) {
    markMerged(number)
    state.withLock { state in
      state.pulls[number]?.mergeCommit = commit
      state.pulls[number]?.mergedBy = person
      state.pulls[number]?.landed = landed.union([commit])
    }
  }

  package func fail(_ method: String, _ path: String, _ kind: Fault.Kind) {
    state.withLock { $0.faults.append(Fault(method: method, path: path, kind: kind)) }
  }

  /// An answer with GitHub's usual headers.
  func json(_ status: Int, _ value: JSONValue?, _ headers: [String] = []) -> LoopbackServer.Answer {
    let date = httpDate(now)
    return .answer(
      status, ["Date: \(date)", "Content-Type: application/json; charset=utf-8"] + headers,
      body: value?.text ?? "")
  }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    let line = request.head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
    guard line.count == 3 else { return .cut([]) }
    let (method, path) = (line[0], line[1])
    let problems = ForgeDocumentation.gitHub.problems(with: request)
    return state.withLock { state in
      state.follow()
      state.requests.append("\(method) \(path)")
      state.violations += problems
      state.meanwhile.removeValue(forKey: state.requests.count)?(&state)
      if let index = state.faults.firstIndex(where: { $0.isFor(method, path, state.requests.count) }) {
        switch state.faults.remove(at: index).kind {
        case .instead(let answer): return answer
        case .after(let answer):
          _ = handle(method, path, request, &state)
          return answer
        }
      }
      if !problems.isEmpty { return json(400, ["message": .string(problems.joined(separator: "; "))]) }
      return handle(method, path, request, &state)
    }
  }

  private func handle(
    _ method: String, _ path: String, _ request: LoopbackServer.Request, _ state: inout State
  ) -> LoopbackServer.Answer {
    let body = request.body.isEmpty ? nil : try? JSONValue.parse(request.body)
    let bearer = (request.header("authorization") ?? "").dropFirst("Bearer ".count)
    if path.hasSuffix("/installation") || path.hasSuffix("/access_tokens") {
      return app(method, path, String(bearer), body, &state)
    }
    guard bearer == state.token else { return json(401, ["message": "Bad credentials"]) }
    if path == "/graphql" || path == "/api/graphql" { return graphQL(body ?? .null, &state) }
    if method != "GET" {
      let now = clock.now.offset
      if state.writes.count(where: { now - $0 < .seconds(60) }) >= 80 {
        return json(
          403, ["message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."],
          ["Retry-After: 60"])
      }
      state.writes.append(now)
    }
    return rest(method, path, body, &state)
  }
}

package func httpDate(_ time: Timestamp) -> String {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.timeZone = TimeZone(identifier: "GMT")
  formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
  return formatter.string(from: Date(timeIntervalSince1970: Double(time.seconds)))
}
