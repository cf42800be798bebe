import DriftCore
import Forges
import TestSupport
import Testing
import Transport

/// A forge merges by itself what it was asked to, and never because nobody had to say yes.
struct AutoMergeTests {
  private let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")

  private func forge(_ kind: HostedKind, _ api: String, _ repository: String, _ token: String) throws -> HostedForge {
    let clock = ImmediateClock()
    return try HostedForge(
      kind,
      HostedSettings(
        api: api, repository: repository, credential: .token(Secret(token)),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start }))
  }

  @Test func gitHubMergesItByItsOwnMethodOnceItsChecksPass() async throws {
    let fake = try FakeGitHub()
    let forge = try forge(.gitHub, fake.url, "acme/contracts", "token-1")
    fake.push(draft)
    _ = try await forge.pullRequests()
    let opened = try await forge.open(draft)
    let before = fake.requests.count
    #expect(try await forge.mergeWhenAllowed(opened.id, at: draft.head) == .armed)
    #expect(fake.requests.count == before + 1)
    #expect(fake.pulls.first?.autoMerge == "SQUASH")
    #expect(try await forge.pullRequests().map(\.isAutoMerged) == [true])
    #expect(fake.violations == [])
  }

  @Test func gitHubIsToldToLeaveItToPeople() async throws {
    let fake = try FakeGitHub()
    let forge = try forge(.gitHub, fake.url, "acme/contracts", "token-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    try await forge.leaveToPeople(opened.id)
    #expect(try await forge.mergeWhenAllowed(opened.id, at: draft.head) == .armed)
    try await forge.leaveToPeople(opened.id)
    #expect(try await forge.pullRequests().map(\.isAutoMerged) == [false])
    #expect(fake.violations == [])
  }

  @Test func giteaIsToldToLeaveItToPeople() async throws {
    let fake = try FakeGitea()
    let forge = try forge(.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    _ = try await forge.set(CommitStatus(context: "ci", state: .pending, text: "runs"), on: draft.head)
    #expect(try await forge.mergeWhenAllowed(opened.id, at: draft.head) == .armed)
    try await forge.leaveToPeople(opened.id)
    try await forge.leaveToPeople(opened.id)
    #expect(fake.pulls.first?.isAutoMerged == false)
    #expect(fake.violations == [])
  }

  @Test func gitHubSaysWhyItDoesNot() async throws {
    let fake = try FakeGitHub()
    let forge = try forge(.gitHub, fake.url, "acme/contracts", "token-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    fake.change { $0.hasChecks = false }
    #expect(
      try await forge.mergeWhenAllowed(opened.id, at: draft.head)
        == .refused("GitHub has nothing to wait for: require a check or a review on the protected branch"))
    fake.change { $0.allowsAutoMerge = false }
    #expect(
      try await forge.mergeWhenAllowed(opened.id, at: draft.head)
        == .refused("the repository does not allow auto-merge: Settings, General, Allow auto-merge"))
    fake.change {
      $0.allowsAutoMerge = true
      $0.hasChecks = true
    }
    let other = CommitID(String(repeating: "e", count: 40))
    guard case .notYet = try await forge.mergeWhenAllowed(opened.id, at: other) else {
      Issue.record("another head was handed over")
      return
    }
    #expect(fake.pulls.first?.autoMerge == nil && fake.pulls.first?.isMerged == false)
  }

  @Test(arguments: [("running", true), ("pending", true), ("success", false), ("failed", false), (nil, false)])
  func gitLabIsAskedOnlyWhileAPipelineIsUnderWay(pipeline: String?, isArmed: Bool) async throws {
    let fake = try FakeGitLab()
    let forge = try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    fake.change { $0.mergeRequests[1]?.pipeline = pipeline }
    let answer = try await forge.mergeWhenAllowed(opened.id, at: draft.head)
    #expect((answer == .armed) == isArmed, "\(answer)")
    #expect(fake.mergeRequests.map(\.state) == ["opened"], "it merges at once where nothing is under way")
    #expect(try await forge.pullRequests().map(\.isAutoMerged) == [isArmed])
    #expect(fake.violations == [])
  }

  @Test func gitLabTellsAMissingRight() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    fake.change {
      $0.mergeRequests[1]?.pipeline = "running"
      $0.members["mooring-bot"] = 20
    }
    #expect(
      try await forge.mergeWhenAllowed(opened.id, at: draft.head)
        == .refused("the account may not merge into the protected branch"))
  }

  @Test func giteaIsAskedOnlyWhileACheckIsPending() async throws {
    let fake = try FakeGitea()
    let forge = try forge(.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1")
    fake.push(draft)
    let opened = try await forge.open(draft)
    guard case .notYet = try await forge.mergeWhenAllowed(opened.id, at: draft.head) else {
      Issue.record("it was asked without a check")
      return
    }
    #expect(fake.pulls.first?.isMerged == false)
    _ = try await forge.set(CommitStatus(context: "ci", state: .pending, text: "runs"), on: draft.head)
    #expect(try await forge.mergeWhenAllowed(opened.id, at: draft.head) == .armed)
    #expect(try await forge.mergeWhenAllowed(opened.id, at: draft.head) == .armed, "asking twice does no harm")
    #expect(fake.pulls.first?.isAutoMerged == true)
    #expect(fake.violations == [])
  }
}
