import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

struct GiteaForgeTests {
  private let clock = ImmediateClock()

  private func forge(
    _ fake: FakeGitea, _ kind: HostedKind = .gitea, repository: String = FakeGitea.repository,
    cache: (any Cache)? = nil
  ) throws -> HostedForge {
    try HostedForge(
      kind,
      HostedSettings(
        api: fake.url + "/api/v1/", repository: repository, credential: .token(Secret("gt-1")),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start },
        cache: cache))
  }

  private func draft(_ branch: String = "mooring/salesforce/green", title: String = "Add tier") -> PullRequestDraft {
    exampleDraft(branch, title: title)
  }

  @Test(arguments: ["gitea", "forgejo"])
  func keepsWhatEveryForgePromises(name: String) async throws {
    let fake = try FakeGitea()
    let kind = try #require(HostedKind.all.first { $0.name == name })
    let repository = try ForgeRepository()
    fake.change { $0.tip = { repository.tip(of: $0) } }
    try await checkForge(try forge(fake, kind), push: repository.push)
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
    #expect(fake.requests.count == 3, "making it, asking for reviews, saying that it is whole")
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

  @Test func aQuietRunTakesTwoRequestsDashboardIncluded() async throws {
    let fake = try FakeGitea()
    let memory = Remembered()
    let forge = try forge(fake, cache: memory)
    for number in 0..<49 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    _ = try await forge.openDashboard("Title", Dashboard().body())
    #expect(fake.requests.count <= 4 * 50)
    // With what is remembered one request is enough, without it another asks who we are.
    for (cache, requests) in [(memory, 1), (Remembered(), 2)] {
      fake.change { $0.requests = [] }
      let quiet = try self.forge(fake, cache: cache)
      #expect(try await quiet.pullRequests().count == 49)
      #expect(try await quiet.dashboard()?.id == "50")
      #expect(fake.requests.count == requests)
    }
    #expect(try await forge.dashboard()?.id == "50", "it is found without the list as well")
    fake.change { $0.pageSize = 20 }
    #expect(try await self.forge(fake).pullRequests().count == 49)
    #expect(fake.violations == [])
  }

  /// Names can be changed, and taken by others. Whose a token is never changes.
  @Test func anAccountThatChangedItsNameIsStillUs() async throws {
    let fake = try FakeGitea()
    let memory = Remembered()
    fake.push(draft())
    let opened = try await forge(fake, cache: memory).open(draft())
    fake.change { state in
      state.login = "mooring-robot"
      state.ids = ["mooring-robot": 1]
      state.pulls[1]?.author = "mooring-robot"
    }
    #expect(try await forge(fake, cache: memory).pullRequests() == [opened], "the old name is nobody's")
    fake.change { state in
      state.login = "mooring-3"
      state.ids = ["mooring-3": 1, "mooring-robot": 66]
      state.pulls[1]?.author = "mooring-3"
      state.pulls[2] = state.pulls[1]
      state.pulls[2]?.number = 2
      state.pulls[2]?.author = "mooring-robot"
    }
    #expect(try await forge(fake, cache: memory).pullRequests() == [opened], "the old name is somebody else's")
  }

  @Test func anotherTokenIsAskedWhoItIs() async throws {
    let fake = try FakeGitea()
    let one = KeptAccount(api: fake.url, token: Secret("gt-1"), cache: nil)
    #expect(await one.read() == nil)
    let memory = Remembered()
    await KeptAccount(api: fake.url, token: Secret("gt-1"), cache: memory).write(GiteaAccount(id: 7, login: "a"))
    #expect(await KeptAccount(api: fake.url, token: Secret("gt-1"), cache: memory).read()?.id == 7)
    #expect(await KeptAccount(api: fake.url, token: Secret("gt-2"), cache: memory).read() == nil)
    #expect(await KeptAccount(api: "https://other", token: Secret("gt-1"), cache: memory).read() == nil)
    #expect(memory.text.contains("gt-1") == false)
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

  @Test func pagesAreFollowedOnTheSameAPIOnly() async throws {
    let fake = try FakeGitea()
    let opening = try forge(fake)
    for number in 0..<7 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await opening.open(draft)
    }
    fake.change {
      $0.pageSize = 3
      $0.requests = []
    }
    let forge = try self.forge(fake)
    #expect(try await forge.pullRequests().count == 7)
    #expect(fake.requests.count == 4, "three pages, and who we are")
    #expect(fake.violations == [])
    let other = try LoopbackServer([.answer(200, body: "[]")])
    for origin in [other.url, "http://127.0.0.1.evil.example", "https://gitlab.com"] {
      fake.change { $0.linkOrigin = origin }
      let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
      #expect(error?.code == .unreadable)
    }
    #expect(other.requests.isEmpty, "the token went nowhere")
    let beside = "Link: <\(fake.url)/api/v1x/repos>; rel=\"next\""
    fake.fail("GET", "/", .instead(.answer(200, [beside], body: "[]")))
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .unreadable)
  }

  @Test func aListWithoutEndStops() async throws {
    let fake = try FakeGitea()
    let forge = try forge(fake)
    _ = try await forge.pullRequests()
    fake.change { $0.requests = [] }
    let base = "\(fake.url)/api/v1/repos/x/issues?page="
    for page in 0..<300 {
      fake.fail("GET", "/", .instead(.answer(200, ["Link: <\(base)\(page)>; rel=\"next\""], body: "[]")))
    }
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .tooLarge)
    #expect(fake.requests.count == HostedClient.maximumPages)
    fake.change { $0.faults = [] }
    for _ in 0..<2 {
      fake.fail("GET", "/", .instead(.answer(200, ["Link: <\(base)1>; rel=\"next\""], body: "[]")))
    }
    let same = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(same?.code == .unreadable)
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
