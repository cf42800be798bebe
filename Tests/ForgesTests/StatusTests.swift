import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

struct StatusTests {
  private let commit = CommitID(String(repeating: "a", count: 40))
  private let token = Secret("token-1")

  private func status(_ state: CommitStatus.State) -> CommitStatus {
    CommitStatus(
      context: "mooring/apply", state: state, text: String(repeating: "ü", count: 300) + "\n",
      location: "https://example.com/x")
  }

  @Test func gitHubTakesEachStateAgainAndAgain() async throws {
    let fake = try FakeGitHub()
    let board = GitHubForge(
      try GitHubAddress(api: fake.url, repository: FakeGitHub.repository), credential: .token(token),
      transport: try LiveTransport(), clock: ImmediateClock(), now: { fake.now })
    for state in [CommitStatus.State.pending, .success, .success, .failure] {
      try await board.set(status(state), on: commit)
      #expect(fake.change { $0.statuses } == ["\(commit) mooring/apply": state.rawValue])
    }
    #expect(fake.violations == [])
    await #expect(throws: ForgeError.self) { try await board.set(status(.success), on: CommitID("../../x")) }
  }

  @Test func gitLabTakesAStateThatItHasForDone() async throws {
    let fake = try FakeGitLab()
    let board = GitLabForge(
      try GitLabAddress(api: fake.url + "/api/v4", repository: FakeGitLab.project), token: Secret("glpat-1"),
      transport: try LiveTransport(), clock: ImmediateClock())
    for (state, name) in [(CommitStatus.State.pending, "pending"), (.failure, "failed"), (.failure, "failed")] {
      try await board.set(status(state), on: commit)
      #expect(fake.change { $0.statuses } == ["\(commit) mooring/apply": name])
    }
    #expect(fake.violations == [])
    await #expect(throws: ForgeError.self) { try await board.set(status(.success), on: CommitID("main")) }
  }

  @Test func giteaTakesEachState() async throws {
    let fake = try FakeGitea()
    let board = try GiteaForge(
      .forgejo, api: fake.url + "/api/v1", repository: FakeGitea.repository, token: Secret("gt-1"),
      transport: try LiveTransport(), clock: ImmediateClock())
    try await board.set(status(.failure), on: commit)
    #expect(fake.change { $0.statuses } == ["\(commit) mooring/apply": "failure"])
    #expect(fake.violations == [])
  }
}
