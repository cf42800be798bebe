import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

struct StatusTests {
  private let commit = CommitID(String(repeating: "a", count: 40))

  private func forge(_ kind: HostedKind, _ api: String, _ repository: String, _ token: String) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: api, repository: repository, credential: .token(Secret(token)), transport: try LiveTransport(),
        clock: ImmediateClock(), now: { FakeGitHub.start }))
  }

  private func status(_ state: CommitStatus.State, _ text: String = "2 steps of 3 are done") -> CommitStatus {
    CommitStatus(state: state, text: text, location: "https://example.com/x")
  }

  @Test func gitHubIsToldWhatChangedAndNothingTwice() async throws {
    let fake = try FakeGitHub()
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    for state in [CommitStatus.State.pending, .pending, .success, .failure, .error] {
      #expect(try await forge.set(status(state), on: commit) == .set)
      #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.state } == state.rawValue)
    }
    #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.writes } == 4)
    #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.location } == "https://example.com/x")
    fake.change { $0.requests = [] }
    #expect(try await forge.set(status(.error), on: commit) == .set)
    #expect(fake.requests == ["GET /repos/acme/contracts/commits/\(commit)/status?per_page=100"])
    #expect(fake.violations == [])
  }

  @Test func gitLabHasOtherWordsAndTakesAStateThatItHasForSet() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(.gitLab, fake.url + "/api/v4", FakeGitLab.project, "glpat-1")
    for (state, name) in [(CommitStatus.State.pending, "pending"), (.failure, "failed"), (.error, "failed")] {
      #expect(try await forge.set(status(state), on: commit) == .set)
      #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.state } == name)
    }
    #expect(try await forge.set(status(.failure, "other words"), on: commit) == .set)
    #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.writes } == 2)
    #expect(fake.violations == [])
  }

  @Test func giteaIsToldWhatChangedAndNothingTwice() async throws {
    let fake = try FakeGitea()
    let forge = try forge(.gitea, fake.url + "/api/v1", FakeGitea.repository, "gt-1")
    for state in [CommitStatus.State.pending, .success, .success] {
      #expect(try await forge.set(status(state), on: commit) == .set)
      #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.state } == state.rawValue)
    }
    #expect(fake.change { $0.statuses["\(commit) mooring/apply"]?.writes } == 2)
    #expect(fake.violations == [])
  }

  @Test(arguments: [String(repeating: "ü", count: 400), "a\nb\u{202E}c", ""])
  func anyTextFitsOnOneLine(text: String) async throws {
    let hub = try FakeGitHub()
    let lab = try FakeGitLab()
    let tea = try FakeGitea()
    for forge in [
      try forge(.gitHub, hub.url, FakeGitHub.repository, "token-1"),
      try forge(.gitLab, lab.url + "/api/v4", FakeGitLab.project, "glpat-1"),
      try forge(.gitea, tea.url + "/api/v1", FakeGitea.repository, "gt-1"),
    ] {
      #expect(try await forge.set(status(.pending, text), on: commit) == .set)
    }
    let texts = [hub.change { $0.statuses }, lab.change { $0.statuses }, tea.change { $0.statuses }]
      .flatMap { $0.values.map(\.text) }
    #expect(texts.count == 3)
    #expect(texts.allSatisfy { !$0.contains("\n") && !$0.contains("\u{202E}") && $0.count <= 255 })
  }

  @Test func aCommitThatTheForgeDoesNotHaveIsAnOutcomeAndNoError() async throws {
    let hub = try FakeGitHub()
    let lab = try FakeGitLab()
    let tea = try FakeGitea()
    hub.change { $0.commits = [] }
    lab.change { $0.commits = [] }
    tea.change { $0.commits = [] }
    for forge in [
      try forge(.gitHub, hub.url, FakeGitHub.repository, "token-1"),
      try forge(.gitLab, lab.url + "/api/v4", FakeGitLab.project, "glpat-1"),
      try forge(.gitea, tea.url + "/api/v1", FakeGitea.repository, "gt-1"),
    ] {
      #expect(try await forge.set(status(.success), on: commit) == .unknownCommit)
      for id in ["main", "../../x", ""] {
        await #expect(throws: ForgeError.self) { try await forge.set(status(.success), on: CommitID(id)) }
      }
    }
  }

  @Test func aTokenThatMayNotIsAnErrorThatNamesTheRight() async throws {
    let fake = try FakeGitHub()
    let forge = try forge(.gitHub, fake.url, FakeGitHub.repository, "token-1")
    fake.fail(
      "POST", "/statuses/",
      .instead(.answer(403, body: #"{"message":"Resource not accessible by personal access token"}"#)))
    let error = await #expect(throws: ForgeError.self) { try await forge.set(status(.success), on: commit) }
    #expect(error?.code == .forbidden)
    #expect(error?.wayOut?.contains("Commit statuses: write") == true)
  }
}
