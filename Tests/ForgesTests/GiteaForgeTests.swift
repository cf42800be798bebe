import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

struct GiteaForgeTests {
  private let clock = ImmediateClock()

  private func forge(
    _ fake: FakeGitea, _ kind: HostedKind = .gitea, repository: String = FakeGitea.repository
  ) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: fake.url + "/api/v1/", repository: repository, credential: .token(Secret("gt-1")),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start }))
  }

  private func draft(_ branch: String = "mooring/salesforce/green", title: String = "Add tier") -> PullRequestDraft {
    exampleDraft(branch, title: title)
  }

  @Test(arguments: ["gitea", "forgejo"])
  func keepsWhatEveryForgePromises(name: String) async throws {
    let fake = try FakeGitea()
    let kind = try #require(HostedKind.all.first { $0.name == name })
    try await checkForge(try forge(fake, kind), push: fake.push)
    #expect(fake.violations == [])
  }

  @Test func itCarriesLabelsByNumberAndReviewers() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    var draft = draft()
    draft.reviewers = ["rita", "nobody", "@Sales-Data", "acme/data"]
    fake.push(draft)
    #expect(try await forge.open(draft).id == "1")
    #expect(fake.labels(of: 1) == ["mooring", "mooring-yellow"])
    #expect(fake.pulls[0].teams == ["data"])
    #expect(fake.pulls[0].users.map { $0.lowercased() } == ["rita", "sales-data"])
    draft.branch = "mooring/salesforce/account"
    fake.push(draft)
    fake.change { $0.requests = [] }
    _ = try await forge.open(draft)
    #expect(fake.requests.count == 2, "labels and reviewers are known by now")
    #expect(fake.violations == [])
  }

  @Test func aTeamThatIsRefusedIsDropped() async throws {
    let fake = try FakeGitea()
    fake.change { $0.reviewers.insert("gone") }
    var draft = draft()
    draft.reviewers = ["rita", "acme/gone"]
    fake.push(draft)
    _ = try await forge(fake).open(draft)
    #expect(fake.pulls[0].users == ["rita"])
    #expect(fake.pulls[0].teams == [])
  }

  @Test func aQuietRunTakesTwoRequests() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    for number in 0..<50 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    #expect(fake.requests.count <= 4 * 50)
    fake.change { $0.requests = [] }
    #expect(try await self.forge(fake).pullRequests().count == 50)
    #expect(fake.requests.count == 2)
    fake.change { $0.pageSize = 20 }
    #expect(try await self.forge(fake).pullRequests().count == 50)
  }

  @Test func closedByAPersonIsARefusalAndByUsIsNone() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    let first = try await forge.open(draft)
    fake.change { $0.pulls[1]?.isOpen = false }
    #expect(try await forge.pullRequests().map(\.state) == [.refused])
    #expect(try await forge.pullRequests().first?.findings == first.findings)
    draft.findings = ["c.3"]
    #expect(try await forge.open(draft).id == "2")
    try await forge.close("2", because: "the drift is gone")
    #expect(try await forge.pullRequests().map(\.id) == ["1"])
    #expect(try await forge.open(draft).id == "2", "what we closed opens again")
    fake.change { $0.pulls[2]?.isMerged = true }
    #expect(try await forge.pullRequests().map(\.id) == ["1"])
    let error = await #expect(throws: ForgeError.self) { try await forge.update("2", to: draft) }
    #expect(error?.code == .merged)
    #expect(fake.violations == [])
  }

  @Test func closingSaysWhyInOneCommentHoweverOften() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change {
      $0.comments[7] = ("mallory", "<!-- mooring:v1 kind=closed digest=0 -->")
      $0.pulls[1]?.comments = [7]
    }
    for reason in ["the drift is gone", "the drift is gone", "@all"] {
      try await forge.close("1", because: reason)
      fake.change { $0.pulls[1]?.isOpen = true }
    }
    #expect(fake.pulls[0].comments.count == 2)
    #expect(fake.change { $0.comments[500]?.body.contains("@\u{200B}all") } == true)
    #expect(fake.change { $0.comments[7]?.body } == "<!-- mooring:v1 kind=closed digest=0 -->")
  }

  @Test func whatAPersonChangedStays() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change { state in
      state.pulls[1]?.labels.removeAll { state.labels[$0] == "mooring" }
      state.pulls[1]?.labels.append(3)
      state.pulls[1]?.title = "Rita's title"
    }
    draft.title = "Other"
    draft.colour = .red
    _ = try await forge.update("1", to: draft)
    #expect(fake.labels(of: 1) == ["bug", "mooring-red"])
    #expect(fake.pulls[0].title == "Rita's title")
    fake.change { $0.requests = [] }
    _ = try await forge.update("1", to: draft)
    #expect(fake.requests == ["GET /api/v1/repos/acme/contracts/pulls/1"], "nothing to write")
  }

  @Test func onlyOurOwnAreListedAndChanged() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.change { state in
      guard let ours = state.pulls[1] else { return }
      for number in 2...3 {
        state.pulls[number] = ours
        state.pulls[number]?.number = number
      }
      state.pulls[2]?.author = "mallory"
      // Ours, but of no branch of Mooring's.
      state.pulls[3]?.branch = "feature/x"
      state.pulls[3]?.body = "text"
      state.pulls[3]?.isOpen = false
    }
    #expect(try await forge.pullRequests() == [opened])
    fake.change { $0.ignoresCreator = true }
    #expect(try await forge.pullRequests() == [opened])
    for (id, code) in [
      ("2", ForgeError.Code.notOurs), ("3", .notOurs), ("9", .noSuchPullRequest), ("x", .noSuchPullRequest),
    ] {
      let error = await #expect(throws: ForgeError.self) { try await forge.close(id, because: "") }
      #expect(error?.code == code)
    }
    fake.change { $0.pulls[1]?.author = "rita" }
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .notOurs)
  }

  @Test func anOpenOneWithoutItsMarkerIsWrittenAgain() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.change { $0.pulls[1]?.body = "I wrote this instead." }
    let list = try await forge.pullRequests()
    #expect(list.map(\.branch) == [opened.branch])
    #expect(list.map(\.textDigest) == [""])
    #expect(try await forge.update("1", to: draft()) == opened)
  }

  @Test(arguments: [true, false])
  func aLostAnswerMakesNoSecondOne(isCut: Bool) async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    fake.push(draft())
    fake.fail("POST", "/pulls", .after(isCut ? .cut([]) : .answer(502)))
    #expect(try await forge.open(draft()).id == "1")
    #expect(fake.requests.count { $0.hasSuffix("POST /api/v1/repos/acme/contracts/pulls") } == 1)
    #expect(fake.pulls[0].users == ["sales-data"])
  }

  @Test(arguments: ["", "{}", "<html>", "[{}]", "[null]"])
  func aListThatCannotBeReadIsAnError(body: String) async throws {
    let fake = try FakeGitea()
    fake.fail("GET", "/issues", .instead(.answer(200, body: body)))
    let error = await #expect(throws: ForgeError.self) { try await forge(fake).pullRequests() }
    #expect(error?.code == .unreadable)
  }

  @Test func aRepositoryThatIsNotVisibleReadsAsNoAccess() async throws {
    let fake = try FakeGitea()
    let error = await #expect(throws: ForgeError.self) {
      try await forge(fake, .forgejo, repository: "acme/secret").pullRequests()
    }
    #expect(error?.code == .noAccess)
    #expect(error?.description.contains("gt-1") == false)
  }
}
