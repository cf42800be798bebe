import DriftCore
import Forges
import TestSupport
import Transport

/// A forge of the network, played over HTTP, of whichever product.
struct CountedForge: Sendable {
  static let names = ["github", "gitlab", "gitea"]

  let connect: @Sendable (_ cache: any Cache) throws -> HostedForge
  let requests: @Sendable () -> [String]
  let forget: @Sendable () -> Void
  /// Branches of the open ones, sorted, each as often as it is there.
  let open: @Sendable () -> [String]
  /// Open ones that lack a label or a reviewer.
  let incomplete: @Sendable () -> [String]
  /// Answers the next request for a new pull request so, and makes none.
  let failNext: @Sendable (LoopbackServer.Answer) -> Void
  let violations: @Sendable () -> [String]

  /// - Parameter tip: where a branch is on the git host.
  init(_ name: String, clock: ImmediateClock, tip: @escaping @Sendable (String) -> String?) throws {
    @Sendable func connect(
      _ kind: HostedKind, _ api: String, _ repository: String, _ token: String, _ cache: any Cache
    ) throws -> HostedForge {
      try HostedForge(
        kind,
        HostedSettings(
          api: api, repository: repository, credential: .token(Secret(token)),
          transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start },
          cache: cache))
    }
    switch name {
    case "github":
      let fake = try FakeGitHub(clock: clock)
      fake.change { $0.tip = tip }
      self.connect = { try connect(.gitHub, fake.url, FakeGitHub.repository, "token-1", $0) }
      requests = { fake.requests }
      forget = { fake.change { $0.requests = [] } }
      open = { fake.pulls.filter(\.isOpen).map(\.branch).sorted() }
      incomplete = { fake.pulls.filter { $0.labels.count != 2 || $0.users != ["rita"] }.map(\.branch) }
      failNext = { fake.fail("POST", "/pulls", .instead($0)) }
      violations = { fake.violations }
    case "gitlab":
      let fake = try FakeGitLab()
      fake.change { $0.tip = tip }
      self.connect = { try connect(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1", $0) }
      requests = { fake.requests }
      forget = { fake.change { $0.requests = [] } }
      open = { fake.mergeRequests.filter { $0.state == "opened" }.map(\.branch).sorted() }
      incomplete = { fake.mergeRequests.filter { $0.labels.count != 2 || $0.reviewers != [12] }.map(\.branch) }
      failNext = { fake.fail("POST", "/merge_requests", .instead($0)) }
      violations = { fake.violations }
    default:
      let fake = try FakeGitea()
      fake.change { $0.tip = tip }
      self.connect = { try connect(.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1", $0) }
      requests = { fake.requests }
      forget = { fake.change { $0.requests = [] } }
      open = { fake.pulls.filter(\.isOpen).map(\.branch).sorted() }
      incomplete = { fake.pulls.filter { $0.labels.count != 2 || $0.users != ["rita"] }.map(\.branch) }
      failNext = { fake.fail("POST", "/pulls", .instead($0)) }
      violations = { fake.violations }
    }
  }
}
