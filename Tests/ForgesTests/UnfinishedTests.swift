import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

/// A pull request that was made while what belongs to it was not, and comments beyond one page.
struct UnfinishedTests {
  private let clock = ImmediateClock()
  private let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
  private let hour = LoopbackServer.Answer.answer(429, ["Retry-After: 3600"])

  private func forge(_ kind: HostedKind, _ api: String, _ repository: String, _ token: String) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: api, repository: repository, credential: .token(Secret(token)),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start }))
  }

  private func gitHub(_ fake: FakeGitHub) throws -> HostedForge {
    try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
  }

  private func gitea(_ fake: FakeGitea) throws -> HostedForge {
    try forge(.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1")
  }

  private func gitLab(_ fake: FakeGitLab) throws -> HostedForge {
    try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
  }

  /// What the next run does: it sees that the text is not written, and writes it.
  private func expectFinished(by forge: HostedForge) async throws {
    let found = try #require(try await forge.pullRequests().first)
    #expect(found.textDigest == "", "it counts as not written")
    let finished = try await forge.update(found.id, to: draft)
    #expect(finished.textDigest != "")
    #expect(try await forge.pullRequests() == [finished])
  }

  @Test(arguments: ["requested_reviewers", "labels"])
  func whatALimitKeepsFromAPullRequestOnGitHubFollows(path: String) async throws {
    let fake = try FakeGitHub(clock: clock)
    fake.push(draft)
    fake.fail("POST", path, .instead(hour))
    let error = await #expect(throws: ForgeError.self) { try await gitHub(fake).open(draft) }
    #expect(error?.code == .rateLimited(seconds: 3600))
    try await expectFinished(by: try gitHub(fake))
    #expect(fake.pulls.map(\.labels) == [["mooring", "mooring-yellow"]])
    #expect(fake.pulls.map(\.users) == [["sales-data"]])
    #expect(fake.violations == [])
  }

  @Test func whoTookOurLabelsAwayIsNotUndone() async throws {
    let fake = try FakeGitHub(clock: clock)
    fake.push(draft)
    let opened = try await gitHub(fake).open(draft)
    fake.change { $0.pulls[1]?.labels = [] }
    #expect(try await gitHub(fake).pullRequests() == [opened], "it had them once")
  }

  @Test func whatALimitKeepsFromAPullRequestOnGiteaFollows() async throws {
    let fake = try FakeGitea()
    fake.push(draft)
    fake.fail("POST", "requested_reviewers", .instead(hour))
    let error = await #expect(throws: ForgeError.self) { try await gitea(fake).open(draft) }
    #expect(error?.code == .rateLimited(seconds: 3600))
    try await expectFinished(by: try gitea(fake))
    #expect(fake.pulls.map(\.users) == [["sales-data"]])
    #expect(fake.labels(of: 1) == ["mooring", "mooring-yellow"])
    #expect(fake.violations == [])
  }

  @Test func aPersonWhoClosesOneThatWasNotFinishedSaysNo() async throws {
    let fake = try FakeGitea()
    fake.push(draft)
    fake.fail("POST", "requested_reviewers", .instead(hour))
    _ = try? await gitea(fake).open(draft)
    fake.change { $0.pulls[1]?.isOpen = false }
    #expect(try await gitea(fake).pullRequests().map(\.state) == [.refused])
  }

  // MARK: Comments beyond one page

  @Test func amongManyCommentsOnGitHubOursIsFound() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try gitHub(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    try await forge.comment(on: "1", .applied, "1 of 2\n")
    fake.change { state in
      for number in 1...250 {
        state.comments[number] = .init(author: "rita", body: "\(number)")
        state.pulls[1]?.comments.append(number)
      }
    }
    for text: Markdown in ["2 of 2\n", "2 of 2\n"] { try await forge.comment(on: "1", .applied, text) }
    #expect(fake.pulls[0].comments.count == 251)
    #expect(fake.change { $0.comments[5_000_000_001]?.body.contains("2 of 2") } == true)
    #expect(fake.violations == [])
  }

  @Test func amongManyCommentsOnGitLabOursIsFound() async throws {
    let fake = try FakeGitLab()
    let forge = try gitLab(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { state in
      for number in 1...120 {
        state.notes[number] = ("rita", "\(number)")
        state.mergeRequests[1]?.notes.append(number)
      }
    }
    try await forge.comment(on: "1", .applied, "1 of 2\n")
    fake.change { state in
      for number in 121...250 {
        state.notes[number] = ("rita", "\(number)")
        state.mergeRequests[1]?.notes.append(number)
      }
    }
    for text: Markdown in ["2 of 2\n", "2 of 2\n"] { try await forge.comment(on: "1", .applied, text) }
    #expect(fake.mergeRequests[0].notes.count == 251)
    #expect(fake.violations == [])
  }

  /// Gitea gives all comments at once.
  @Test func amongManyCommentsOnGiteaOursIsFound() async throws {
    let fake = try FakeGitea()
    let forge = try gitea(fake)
    fake.push(draft)
    _ = try await forge.open(draft)
    try await forge.comment(on: "1", .applied, "1 of 2\n")
    fake.change { state in
      for number in 1...150 {
        state.comments[number] = ("rita", "\(number)")
        state.pulls[1]?.comments.append(number)
      }
    }
    for text: Markdown in ["2 of 2\n", "2 of 2\n"] { try await forge.comment(on: "1", .applied, text) }
    #expect(fake.pulls[0].comments.count == 151)
    #expect(fake.violations == [])
  }
}
