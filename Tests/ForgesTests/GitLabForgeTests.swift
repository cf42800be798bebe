import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

struct GitLabForgeTests {
  private let clock = ImmediateClock()

  private func forge(_ fake: FakeGitLab, repository: String = FakeGitLab.project) throws -> HostedForge {
    try HostedForge(
      .gitLab,
      HostedSettings(
        api: fake.url + "/api/v4", repository: repository, credential: .token(Secret("glpat-1")),
        transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start }))
  }

  private func draft(_ branch: String = "mooring/salesforce/green", title: String = "Add tier") -> PullRequestDraft {
    exampleDraft(branch, title: title)
  }

  @Test func keepsWhatEveryForgePromises() async throws {
    let fake = try FakeGitLab()
    let repository = try ForgeRepository()
    fake.change { $0.tip = { repository.tip(of: $0) } }
    try await checkForge(try forge(fake), push: repository.push)
    #expect(fake.violations == [])
  }

  @Test func oneRequestMakesItWithLabelsAndReviewers() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    var draft = draft()
    draft.reviewers = ["rita", "@sales-data", "nobody", "acme/data"]
    fake.push(draft)
    let opened = try await forge.open(draft)
    let made = try #require(fake.mergeRequests.first)
    #expect(opened.id == "1", "the number in the project, not the other id")
    #expect(made.labels == ["mooring", "mooring-yellow"])
    #expect(made.reviewers == [12, 11])
    #expect(fake.requests.count == 4, "three names are looked up, once")
    draft.branch = "mooring/salesforce/account"
    fake.push(draft)
    fake.change { $0.requests = [] }
    _ = try await forge.open(draft)
    #expect(fake.requests.count == 1)
    #expect(fake.violations == [])
  }

  @Test func aQuietRunTakesOneRequestAndOneForTheDashboard() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    for number in 0..<50 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    #expect(fake.requests.count <= 4 * 50)
    fake.change { $0.requests = [] }
    let quiet = try self.forge(fake)
    #expect(try await quiet.pullRequests().count == 50)
    #expect(try await quiet.dashboard() == nil)
    #expect(fake.requests.count == 2)
    #expect(fake.violations == [])
  }

  @Test func closedByAPersonIsARefusalAndByUsIsNone() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    let first = try await forge.open(draft)
    fake.change { $0.mergeRequests[1]?.state = "closed" }
    #expect(try await forge.pullRequests().map(\.state) == [.refused])
    #expect(try await forge.pullRequests().first?.findings == first.findings)
    draft.findings = ["c.3"]
    #expect(try await forge.open(draft).id == "2")
    try await forge.close("2", because: "the drift is gone")
    #expect(try await forge.pullRequests().map(\.id) == ["1"])
    #expect(try await forge.open(draft).id == "2", "what we closed opens again")
    fake.change { $0.mergeRequests[2]?.state = "merged" }
    #expect(try await forge.pullRequests().map(\.id) == ["1"])
    let error = await #expect(throws: ForgeError.self) { try await forge.update("2", to: draft) }
    #expect(error?.code == .merged)
  }

  @Test func closingSaysWhyInOneNoteHoweverOften() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    fake.push(draft())
    _ = try await forge.open(draft())
    fake.change {
      $0.notes[7] = ("mallory", "<!-- mooring:v1 kind=closed digest=0 -->")
      $0.mergeRequests[1]?.notes = [7]
    }
    for reason in ["the drift is gone", "the drift is gone", "\n/merge\n@all"] {
      try await forge.close("1", because: reason)
      fake.change { $0.mergeRequests[1]?.state = "opened" }
    }
    #expect(fake.mergeRequests[0].notes.count == 2)
    #expect(fake.change { $0.notes[900]?.body.contains("@\u{200B}all") } == true)
    #expect(fake.change { $0.notes[7]?.body } == "<!-- mooring:v1 kind=closed digest=0 -->")
    #expect(fake.violations == [])
  }

  /// A text that says `/merge` at the start of a line would merge.
  @Test(arguments: ["/merge", "  /approve", "\t/close", "a\r/merge", "```\n/merge\n```", "> /merge\n/label ~x"])
  func noTextGivesOrders(text: String) async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    var draft = draft()
    draft.body = "Text.\n\n\(text)\n"
    fake.push(draft)
    let opened = try await forge.open(draft)
    #expect(fake.violations == [])
    #expect(try await forge.pullRequests() == [opened])
    #expect(try await forge.update("1", to: draft) == opened)
    #expect(fake.requests.count { $0.hasPrefix("PUT") } == 0)
  }

  @Test func whatAPersonChangedStays() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    var draft = draft()
    fake.push(draft)
    _ = try await forge.open(draft)
    fake.change {
      $0.mergeRequests[1]?.labels = ["mooring-yellow", "urgent"]
      $0.mergeRequests[1]?.title = "Rita's title"
    }
    draft.title = "Other"
    draft.colour = .red
    _ = try await forge.update("1", to: draft)
    #expect(fake.mergeRequests[0].labels == ["urgent", "mooring-red"])
    #expect(fake.mergeRequests[0].title == "Rita's title")
    #expect(fake.requests.count { $0.hasPrefix("PUT") } == 1, "text, labels and title are one request")
  }

  @Test func onlyOurOwnAreListedAndChanged() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    fake.push(draft())
    let opened = try await forge.open(draft())
    fake.change { state in
      guard let ours = state.mergeRequests[1] else { return }
      for iid in 2...4 {
        state.mergeRequests[iid] = ours
        state.mergeRequests[iid]?.iid = iid
      }
      state.mergeRequests[2]?.author = "mallory"
      state.mergeRequests[3]?.isForeign = true
      state.mergeRequests[4]?.branch = "feature/mooring/x"
    }
    #expect(try await forge.pullRequests() == [opened])
    for id in ["2", "3", "4", "5", "70001", "01", "1/notes", ""] {
      let error = await #expect(throws: ForgeError.self) { try await forge.close(id, because: "") }
      #expect(error?.code == .noSuchPullRequest)
    }
    fake.change { $0.mergeRequests[1]?.author = "rita" }
    let error = await #expect(throws: ForgeError.self) { try await forge.open(draft()) }
    #expect(error?.code == .notOurs)
  }

  @Test(arguments: [true, false])
  func aLostAnswerMakesNoSecondOne(isCut: Bool) async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    fake.push(draft())
    fake.fail("POST", "/merge_requests", .after(isCut ? .cut([]) : .answer(502)))
    #expect(try await forge.open(draft()).id == "1")
    #expect(fake.requests.count { $0.hasPrefix("POST") } == 1)
  }

  @Test func pagesOfBothListsAreReadTogether() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    for number in 0..<7 {
      let draft = draft("mooring/salesforce/t\(number)")
      fake.push(draft)
      _ = try await forge.open(draft)
    }
    fake.change {
      for number in 1...3 { $0.mergeRequests[number]?.state = "closed" }
      $0.pageSize = 3
      $0.requests = []
    }
    #expect(try await forge.pullRequests().count == 7)
    #expect(fake.requests == ["POST /api/graphql", "POST /api/graphql"])
    #expect(fake.violations == [])
  }

  @Test func aListWithoutEndStops() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    for page in 0..<300 { fake.fail("POST", "/graphql", .instead(.answer(200, body: endless("c\(page)")))) }
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .tooLarge)
    #expect(fake.requests.count == CursorList.maximumPages)
    fake.change { $0.faults = [] }
    for _ in 0..<2 { fake.fail("POST", "/graphql", .instead(.answer(200, body: endless("c")))) }
    let same = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(same?.code == .unreadable)
  }

  /// A page with nothing in it that says it is not the last.
  private func endless(_ cursor: String) -> String {
    let page: JSONValue = ["nodes": [], "pageInfo": ["hasNextPage": true, "endCursor": .string(cursor)]]
    return answer(["opened": page, "closed": page]).text
  }

  private func answer(_ me: JSONValue) -> JSONValue {
    ["data": ["project": ["fullPath": .string(FakeGitLab.project)], "currentUser": me]]
  }

  @Test(arguments: ["", "{}", "<html>", "[{}]", "{\"data\":{}}", "{\"errors\":[{\"message\":\"x\"}],\"data\":{}}"])
  func aListThatCannotBeReadIsAnError(body: String) async throws {
    let fake = try FakeGitLab()
    fake.fail("POST", "/graphql", .instead(.answer(200, body: body)))
    let error = await #expect(throws: ForgeError.self) { try await forge(fake).pullRequests() }
    #expect(error?.code == .unreadable)
  }

  @Test(
    arguments: [[:], ["nodes": [[:]]], ["nodes": [["iid": "1"]], "pageInfo": ["hasNextPage": false]]] as [JSONValue])
  func aPageThatLacksSomethingIsAnError(page: JSONValue) async throws {
    let fake = try FakeGitLab()
    fake.fail("POST", "/graphql", .instead(.answer(200, body: answer(["opened": page, "closed": page]).text)))
    let error = await #expect(throws: ForgeError.self) { try await forge(fake).pullRequests() }
    #expect(error?.code == .unreadable)
  }

  @Test func aProjectThatIsNotVisibleReadsAsNoAccess() async throws {
    let fake = try FakeGitLab()
    let error = await #expect(throws: ForgeError.self) {
      try await forge(fake, repository: "acme/secret").pullRequests()
    }
    #expect(error?.code == .noAccess)
    #expect(error?.description.contains("glpat") == false)
  }

  @Test func aRefusalIsToldInGitLabsWords() async throws {
    let fake = try FakeGitLab()
    let error = await #expect(throws: ForgeError.self) { try await forge(fake).open(draft()) }
    #expect(error?.code == .invalid)
    #expect(error?.finding.contains("Source branch \"mooring/salesforce/green\" does not exist") == true)
  }

  @Test func aLimitIsWaitedFor() async throws {
    let fake = try FakeGitLab()
    let forge = try forge(fake)
    fake.push(draft())
    fake.fail("POST", "/merge_requests", .instead(.answer(429, ["Retry-After: 17"])))
    #expect(try await forge.open(draft()).id == "1")
    #expect(clock.sleeps.first == .seconds(17))
  }

  @Test(arguments: ["contracts", "/x", "a/", "a//b", "a/../b", "a b/c"])
  func aRepositoryIsGroupsAndProject(repository: String) throws {
    let fake = try FakeGitLab()
    #expect(throws: ForgeError.self) { try forge(fake, repository: repository) }
  }
}

struct LinkTests {
  @Test(arguments: [
    (nil, nil), ("", nil), ("<https://a/1>; rel=\"next\"", "https://a/1"),
    ("<https://a/1>; rel=\"prev\", <https://a/2>; rel=\"next\"", "https://a/2"),
    ("<https://a/1>;rel=next", "https://a/1"), ("<https://a/1>; title=\"x\"; rel=\"next\"", "https://a/1"),
    ("<https://a/1>; rel=\"last\"", nil), ("https://a/1; rel=\"next\"", nil), ("<https://a/1; rel=\"next\"", nil),
  ])
  func theNextPageIsFound(header: String?, next: String?) {
    #expect(nextPage(header) == next)
  }
}
