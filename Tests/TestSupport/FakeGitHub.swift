import DriftCore
import Foundation
import JSON
import Synchronization
import TestSupport

/// A small GitHub over real HTTP: one repository, pull requests, labels, comments, reviewers, Apps and limits, as documented.
///
/// Whatever a request has that the documentation does not (a field, a header, a query) is a violation, which tests look at.
final class FakeGitHub: Sendable {
  static let repository = "acme/contracts"
  static let owner = "acme"
  static let name = "contracts"
  /// 2026-11-21 12:00:00 UTC.
  static let start = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

  struct Pull: Sendable {
    var number: Int
    var title: String
    var body: String
    var isOpen = true
    var isMerged = false
    var branch: String
    /// Where the branch was when the pull request was last open.
    var head: String
    var base: String
    var author: String
    var isForeign = false
    var labels: [String] = []
    var users: [String] = []
    var teams: [String] = []
    var comments: [Int] = []
  }

  struct Comment: Sendable {
    var author: String
    var body: String
  }

  struct Fault: Sendable {
    enum Kind: Sendable {
      /// Answers this, and does nothing.
      case instead(LoopbackServer.Answer)
      /// Does it, and answers this.
      case after(LoopbackServer.Answer)
    }

    var method: String
    var path: String
    var kind: Kind
  }

  struct State: Sendable {
    var token = "token-1"
    var login = "mooring-bot"
    var branches: [String: String] = [:]
    var pulls: [Int: Pull] = [:]
    var comments: [Int: Comment] = [:]
    var nextNumber = 1
    /// Beyond 32 bits, as they are today.
    var nextComment = 5_000_000_001
    var collaborators: Set<String> = ["sales-data", "rita", "mooring-bot"]
    var teams: Set<String> = ["data"]
    /// State by commit and context.
    var statuses: [String: String] = [:]
    var faults: [Fault] = []
    var violations: [String] = []
    /// `POST /repos/acme/contracts/pulls`.
    var requests: [String] = []
    var writes: [Duration] = []
    var pageSize = 100
    /// What an App's assertion has to be.
    var assertion: (@Sendable (String) -> String?)?
    var tokens = 0
  }

  private let state = Mutex(State())
  private let server: Mutex<LoopbackServer?> = Mutex(nil)
  /// Of the account under test; content may be created 80 times a minute by it.
  let clock: ImmediateClock

  init(clock: ImmediateClock = ImmediateClock()) throws {
    self.clock = clock
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  var url: String { server.withLock { $0?.url ?? "" } }

  @discardableResult
  func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  var pulls: [Pull] { state.withLock { $0.pulls.values.sorted { $0.number < $1.number } } }
  var requests: [String] { state.withLock { $0.requests } }
  var violations: [String] { state.withLock { $0.violations } }
  var now: Timestamp { Self.start.adding(seconds: clock.now.offset.components.seconds) }

  func push(_ draft: PullRequestDraft) { push(draft.branch, draft.head.text) }

  func push(_ branch: String, _ commit: String) {
    state.withLock { state in
      state.branches[branch] = commit
      for (number, pull) in state.pulls where pull.branch == branch && pull.isOpen && !pull.isForeign {
        state.pulls[number]?.head = commit
      }
    }
  }

  /// As a person would on the web page.
  func closeByHand(_ number: Int) { state.withLock { $0.pulls[number]?.isOpen = false } }

  func fail(_ method: String, _ path: String, _ kind: Fault.Kind) {
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
    return state.withLock { state in
      state.requests.append("\(method) \(path)")
      checkHeaders(request, method, path, &state)
      if let index = state.faults.firstIndex(where: { $0.method == method && path.contains($0.path) }) {
        switch state.faults.remove(at: index).kind {
        case .instead(let answer): return answer
        case .after(let answer):
          _ = handle(method, path, request, &state)
          return answer
        }
      }
      return handle(method, path, request, &state)
    }
  }

  private func handle(
    _ method: String, _ path: String, _ request: LoopbackServer.Request, _ state: inout State
  ) -> LoopbackServer.Answer {
    let body = request.body.isEmpty ? nil : try? JSONValue.parse(request.body)
    if !request.body.isEmpty, body == nil { state.violations.append("\(method) \(path): no JSON") }
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

  private func checkHeaders(
    _ request: LoopbackServer.Request, _ method: String, _ path: String, _ state: inout State
  ) {
    let expected = [
      ("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28"),
    ]
    for (name, value) in expected where request.header(name) != value {
      state.violations.append("\(method) \(path): \(name) is \(request.header(name) ?? "missing")")
    }
    if request.header("user-agent")?.isEmpty ?? true {
      state.violations.append("\(method) \(path): no user agent")
    }
    if request.header("authorization")?.hasPrefix("Bearer ") != true {
      state.violations.append("\(method) \(path): no bearer token")
    }
  }
}

func httpDate(_ time: Timestamp) -> String {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.timeZone = TimeZone(identifier: "GMT")
  formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
  return formatter.string(from: Date(timeIntervalSince1970: Double(time.seconds)))
}
