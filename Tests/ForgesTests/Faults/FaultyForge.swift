import DriftCore
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Forges

/// One of the fakes, told to misbehave: for what has to hold on every forge alike.
struct FaultyForge: Sendable {
  enum Kind: String, CaseIterable, Sendable { case gitHub, gitLab, gitea }

  /// What somebody does on the forge's pages.
  enum Deed: Sendable {
    case close(Int)
    case merge(Int)
    /// Takes the token's rights away.
    case revoke
  }

  let kind: HostedKind
  let api: String
  let repository: String
  let token: String
  let clock = ImmediateClock()
  let transport: any HTTPTransport
  let push: @Sendable (PullRequestDraft) -> Void
  /// At the request of this number.
  let fail: @Sendable (_ number: Int, FakeGitHub.Fault.Kind) -> Void
  /// Just before the request of this number.
  let meanwhile: @Sendable (_ number: Int, Deed) -> Void
  let requests: @Sendable () -> [String]
  let violations: @Sendable () -> [String]
  let limitPages: @Sendable (Int) -> Void
  /// How many requests, pull requests, comments and issues there are, and forgets the requests.
  let pullRequests: @Sendable () -> Int
  let comments: @Sendable () -> Int
  let issues: @Sendable () -> Int
  /// Title and text by number.
  let texts: @Sendable () -> [Int: String]
  let forget: @Sendable () -> Void

  init(_ kind: Kind) throws {
    let clock = clock
    transport = RetryingTransport(try LiveTransport(), clock: clock)
    switch kind {
    case .gitHub:
      let fake = try FakeGitHub(clock: clock)
      (self.kind, api, repository, token) = (.gitHub, fake.url, FakeGitHub.repository, "token-1")
      push = { fake.push($0) }
      fail = { number, kind in fake.change { $0.faults.append(.init(number: number, kind: kind)) } }
      meanwhile = { number, deed in
        fake.change { state in
          state.meanwhile[number] = { state in
            switch deed {
            case .close(let number): state.pulls[number]?.isOpen = false
            case .merge(let number):
              state.pulls[number]?.isOpen = false
              state.pulls[number]?.isMerged = true
            case .revoke: state.token = "another"
            }
          }
        }
      }
      requests = { fake.requests }
      violations = { fake.violations }
      limitPages = { size in fake.change { $0.pageSize = size } }
      pullRequests = { fake.pulls.count }
      comments = { fake.change { $0.comments.count } }
      issues = { fake.change { $0.issues.count } }
      texts = { Dictionary(uniqueKeysWithValues: fake.pulls.map { ($0.number, "\($0.title)\n\($0.body)") }) }
      forget = { fake.change { $0.requests = [] } }
    case .gitLab:
      let fake = try FakeGitLab()
      (self.kind, api, repository, token) = (.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
      push = { fake.push($0) }
      fail = { number, kind in fake.change { $0.faults.append(.init(number: number, kind: kind)) } }
      meanwhile = { number, deed in
        fake.change { state in
          state.meanwhile[number] = { state in
            switch deed {
            case .close(let number): state.mergeRequests[number]?.state = "closed"
            case .merge(let number): state.mergeRequests[number]?.state = "merged"
            case .revoke: state.token = "another"
            }
          }
        }
      }
      requests = { fake.requests }
      violations = { fake.violations }
      limitPages = { size in fake.change { $0.pageSize = size } }
      pullRequests = { fake.mergeRequests.count }
      comments = { fake.change { $0.notes.count } }
      issues = { fake.change { $0.issues.count } }
      texts = {
        Dictionary(uniqueKeysWithValues: fake.mergeRequests.map { ($0.iid, "\($0.title)\n\($0.description)") })
      }
      forget = { fake.change { $0.requests = [] } }
    case .gitea:
      let fake = try FakeGitea()
      (self.kind, api, repository, token) = (.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1")
      push = { fake.push($0) }
      fail = { number, kind in fake.change { $0.faults.append(.init(number: number, kind: kind)) } }
      meanwhile = { number, deed in
        fake.change { state in
          state.meanwhile[number] = { state in
            switch deed {
            case .close(let number): state.pulls[number]?.isOpen = false
            case .merge(let number):
              state.pulls[number]?.isOpen = false
              state.pulls[number]?.isMerged = true
            case .revoke: state.token = "another"
            }
          }
        }
      }
      requests = { fake.requests }
      violations = { fake.violations }
      limitPages = { size in fake.change { $0.pageSize = size } }
      pullRequests = { fake.pulls.count }
      comments = { fake.change { $0.comments.count } }
      issues = { fake.change { $0.issues.count } }
      texts = { Dictionary(uniqueKeysWithValues: fake.pulls.map { ($0.number, "\($0.title)\n\($0.body)") }) }
      forget = { fake.change { $0.requests = [] } }
    }
  }

  /// A run of its own, that knows nothing of the others. `transport` nil: retries as in the product.
  func run(over transport: (any HTTPTransport)? = nil) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: api, repository: repository, credential: .token(Secret(token)), transport: transport ?? self.transport,
        clock: clock, now: { FakeGitHub.start }))
  }

  func draft(_ branch: String = "mooring/salesforce/green", body: String = "One column more.") -> PullRequestDraft {
    var draft = exampleDraft(branch, title: "Add tier")
    draft.body = body
    draft.reviewers = []
    push(draft)
    return draft
  }

  /// All that a run asks of a forge, so that it ends the same however often it is begun again.
  func story() async throws {
    let forge = try run()
    let first = draft()
    let opened = try await forge.pullRequests().first { $0.branch == first.branch }
    if opened == nil { _ = try await forge.open(first) }
    _ = try await forge.update("1", to: draft(body: "Two columns more."))
    try await forge.comment(on: "1", .check, "Waits.\n")
    let commit = CommitID(String(repeating: "f", count: 40))
    #expect(try await forge.set(CommitStatus(state: .pending, text: "1 of 2"), on: commit) == .set)
    var dashboard = try await forge.dashboard()
    if dashboard == nil { dashboard = try await forge.openDashboard(Dashboard.title, Dashboard().body()) }
    let issue = try #require(dashboard)
    var other = Dashboard()
    other.add(Dashboard.Item("\(code: "a")", tick: .proposeAll), to: .open)
    #expect(try await forge.write(other.body(), over: issue))
    try await forge.refuse("1", as: Closing(reason: "we keep the old type"))
  }

  /// Requests that the story takes where nothing goes wrong.
  static func length(of kind: Kind) async throws -> Int {
    let forge = try FaultyForge(kind)
    try await forge.story()
    return forge.requests().count
  }

  func expectEndOfStory(_ place: String) async throws {
    let all = try await run().pullRequests()
    #expect(all.map(\.id) == ["1"], "\(place)")
    #expect(all.first?.state == .refused, "\(place)")
    #expect(texts()[1]?.contains("Two columns more.") == true, "\(place)")
    #expect(pullRequests() == 1, "\(place)")
    #expect(comments() == 2, "\(place)")
    #expect(issues() == 1, "\(place)")
    #expect(violations() == [], "\(place)")
  }
}

/// Keeps every answer that comes through.
final class RecordingTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let kept = Mutex<[(request: HTTPRequest, answer: HTTPResponse)]>([])

  init(_ transport: any HTTPTransport) { self.transport = transport }

  var exchanges: [(request: HTTPRequest, answer: HTTPResponse)] { kept.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let answer = try await transport.send(request)
    kept.withLock { $0.append((request, answer)) }
    return answer
  }
}
