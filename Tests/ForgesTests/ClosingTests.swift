import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

/// What a forge's list tells of how a pull request was closed, without one request more.
struct ClosingTests {
  private let clock = ImmediateClock()

  @Test func gitHubTellsWhoClosedItWhenAndWithWhichComment() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.comment(on: 1, by: "kim", "what is this column?")
    try await clock.sleep(for: .seconds(7_200))
    fake.comment(on: 1, by: "lee", "ask kim")
    fake.closeByHand(1, by: "kim", saying: "we drop it\nin spring")
    let moment = fake.now
    fake.comment(on: 1, by: "lee", "thanks")
    fake.change { $0.requests = [] }
    let closing = try await forge.pullRequests().first?.closing
    #expect(
      closing
        == Closing(by: "kim", reason: "we drop it\nin spring", at: moment))
    #expect(fake.requests.count == 1)
    #expect(fake.violations == [])
  }

  /// What somebody wrote hours before is no reason, and neither is what another person wrote.
  @Test func gitHubWithoutAClosingCommentTellsNoReason() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.comment(on: 1, by: "kim", "what is this column?")
    try await clock.sleep(for: .seconds(7_200))
    fake.comment(on: 1, by: "lee", "ask kim")
    fake.closeByHand(1, by: "kim")
    #expect(try await forge.pullRequests().first?.closing?.by == "kim")
    #expect(try await forge.pullRequests().first?.closing?.reason == nil)
  }

  @Test func theLabelMakesItASnooze() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { $0.pulls[1]?.labels.append(snoozeLabel) }
    #expect(try await forge.pullRequests().first?.closing == nil, "it is still open")
    fake.closeByHand(1)
    let closing = try await forge.pullRequests().first?.closing
    #expect(closing?.isSnoozed == true)
    #expect(closing?.end(from: FakeGitHub.start) == FakeGitHub.start.adding(seconds: 14 * 86_400))
  }

  @Test func gitLabTellsWhoInOneRequestForAllThatAreNew() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
    for name in ["green", "account"] {
      let draft = exampleDraft("mooring/salesforce/\(name)", title: name)
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    fake.change { state in
      for (iid, person) in [(1, "kim"), (2, "lee")] {
        state.mergeRequests[iid]?.state = "closed"
        state.mergeRequests[iid]?.closedBy = person
      }
      state.requests = []
    }
    #expect(try await forge.closings(of: ["1", "2"]).mapValues(\.by) == ["1": "kim", "2": "lee"])
    #expect(fake.requests.count == 1)
    #expect(fake.violations == [])
  }

  @Test func gitLabTellsWhen() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change {
      $0.mergeRequests[1]?.state = "closed"
      $0.mergeRequests[1]?.labels.append(snoozeLabel)
    }
    #expect(
      try await forge.pullRequests().first?.closing
        == Closing(at: Timestamp(iso8601: "2026-11-21T12:00:00Z"), isSnoozed: true))
  }

  @Test func giteaTellsWhoByWhatHappenedToIt() async throws {
    let fake = try FakeGitea()
    let forge = try forge(.gitea, fake.url + "/api/v1/", FakeGitea.repository, "gt-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    #expect(try await forge.closings(of: ["1"]) == [:], "it is still open")
    fake.change {
      $0.pulls[1]?.isOpen = false
      $0.pulls[1]?.closedBy = "kim"
    }
    #expect(try await forge.closings(of: ["1"]).mapValues(\.by) == ["1": "kim"])
    #expect(fake.violations == [])
  }

  @Test func giteaTellsWhen() async throws {
    let fake = try FakeGitea()
    let forge = try forge(.gitea, fake.url + "/api/v1/", FakeGitea.repository, "gt-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { $0.pulls[1]?.isOpen = false }
    #expect(
      try await forge.pullRequests().first?.closing == Closing(at: Timestamp(iso8601: "2026-11-21T12:00:00Z")))
  }

  /// Our own account closes it then, and says nothing of the person.
  @Test func whatWasSaidByWayOfMooringCountsBeforeWhatTheForgeSaw() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    fake.push(draft)
    _ = try await forge.open(draft)
    let until = FakeGitHub.start.adding(seconds: 86_400)
    let reason = "x -->\n- a: b\n" + String(repeating: "y", count: 10_000)
    try await forge.refuse("1", as: Closing(by: "kim", reason: reason, until: until))
    let closing = try #require(try await forge.pullRequests().first?.closing)
    #expect(closing.by == "kim")
    #expect(closing.until == until)
    #expect(closing.at == FakeGitHub.start)
    #expect(closing.reason?.unicodeScalars.count == longestReason)
    #expect(closing.reason?.hasPrefix("x --> - a: b y") == true)
  }

  @Test func aFolderKeepsEachRefusalOfABranch() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    var draft = exampleDraft("mooring/a", title: "x")
    let id = try await forge.open(draft).id
    let first = Closing(by: "kim", reason: "no", at: FakeGitHub.start)
    try await forge.refuse(id, as: first)
    draft.findings = ["c.3"]
    _ = try await forge.open(draft)
    let second = Closing(
      by: "lee", reason: "not yet", at: FakeGitHub.start, until: FakeGitHub.start.adding(seconds: 60))
    try await forge.refuse(id, as: second)
    let refused = try await forge.pullRequests()
    #expect(refused.map(\.findings) == [["a.1", "b.2"], ["c.3"]])
    #expect(refused.map(\.closing) == [first, second])
  }

  private func forge(_ kind: HostedKind, _ api: String, _ repository: String, _ token: String) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: api, repository: repository, credential: .token(Secret(token)),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start }))
  }
}
