import Cryptography
import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

struct GitHubForgeTests {
  let clock = ImmediateClock()

  /// As Wiring puts it together, but for the clock.
  func forge(
    _ fake: FakeGitHub, credential: HostedSettings.Credential = .token(Secret("token-1"))
  ) throws -> HostedForge {
    try forge(fake, api: fake.url, repository: FakeGitHub.repository, credential: credential)
  }

  func forge(
    _ fake: FakeGitHub, api: String, repository: String,
    credential: HostedSettings.Credential = .token(Secret("token-1"))
  ) throws -> HostedForge {
    try HostedForge(
      .gitHub,
      HostedSettings(
        api: api, repository: repository, credential: credential,
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { fake.now }))
  }

  func draft(_ branch: String = "mooring/salesforce/green", title: String = "Add tier") -> PullRequestDraft {
    exampleDraft(branch, title: title)
  }

  @Test func keepsWhatEveryForgePromises() async throws {
    let fake = try FakeGitHub(clock: clock)
    let repository = try ForgeRepository()
    fake.change { $0.tip = { repository.tip(of: $0) } }
    try await checkForge(try forge(fake), push: repository.push)
    #expect(fake.violations == [])
  }

  @Test func aPullRequestCarriesTextLabelsAndReviewers() async throws {
    let fake = try FakeGitHub(clock: clock)
    let draft = draft()
    fake.push(draft)
    let opened = try await forge(fake).open(draft)
    let pull = try #require(fake.pulls.first)
    #expect(opened.id == "1")
    #expect(opened.location == "https://github.example.com/acme/contracts/pull/1")
    #expect(pull.title == "Add tier")
    #expect(pull.base == "main")
    #expect(pull.body.hasSuffix("\n\nThe source has one column more."))
    #expect(pull.body.hasPrefix("<!-- mooring:v1 {"))
    #expect(pull.labels == ["mooring", "mooring-yellow"])
    #expect(pull.users == ["sales-data"])
    #expect(fake.requests.count == 3, "making it, its labels, its reviewers")
    #expect(fake.violations == [])
  }

  @Test func opening50TakesAtMost4RequestsEachAndAQuietRunOne() async throws {
    let fake = try FakeGitHub(clock: clock)
    let forge = try forge(fake)
    #expect(try await forge.pullRequests().isEmpty)
    fake.change { $0.requests = [] }
    for number in 0..<50 {
      var draft = draft("mooring/salesforce/t\(number)")
      draft.reviewers = ["rita", "gone-\(number % 5)", "@acme/data"]
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    #expect(fake.requests.count <= 4 * 50)
    #expect(fake.pulls.allSatisfy { $0.users == ["rita"] && $0.teams == ["data"] && $0.labels.count == 2 })
    fake.change { $0.requests = [] }
    #expect(try await self.forge(fake).pullRequests().count == 50)
    #expect(fake.requests == ["POST /graphql"])
    #expect(fake.violations == [])
  }
}
