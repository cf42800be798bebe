import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

struct DashboardForgeTests {
  private let text = Dashboard().body()

  private func gitHub(_ fake: FakeGitHub) throws -> HostedForge {
    try HostedForge(
      .gitHub,
      HostedSettings(
        api: fake.url, repository: FakeGitHub.repository, credential: .token(Secret("token-1")),
        transport: try LiveTransport(), clock: ImmediateClock(), now: { FakeGitHub.start }))
  }

  @Test func oneRequestFindsItAndAnEqualTextIsNotWritten() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    let opened = try await forge.openDashboard("Title", text)
    #expect(opened.location == "https://github.example.com/acme/contracts/issues/1")
    #expect(fake.change { $0.issues[1]?.title } == "Title")
    // The web page ends lines with CR LF.
    fake.change { state in state.issues[1]?.body.replace("\n", with: "\r\n") }
    fake.change { $0.requests = [] }
    let found = try #require(try await forge.dashboard())
    #expect(try await forge.write(text, over: found))
    #expect(fake.requests == ["POST /graphql"])
    #expect(fake.violations == [])
  }

  @Test func itComesAlongWithTheList() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    let opened = try await forge.openDashboard("Title", text)
    fake.change { $0.requests = [] }
    _ = try await forge.pullRequests()
    #expect(try await forge.dashboard() == opened)
    #expect(fake.requests == ["POST /graphql"])
    fake.change { state in state.issues[1]?.isOpen = false }
    #expect(try await forge.dashboard()?.isOpen == false, "what came along counts once")
  }

  @Test func aTokenThatMaySeeNoIssuesListsPullRequestsAllTheSame() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    let refusal =
      #"{"data":{"repository":null},"errors":[{"type":"FORBIDDEN","path":["repository","issues"],"message":"no"}]}"#
    for _ in 0..<2 { fake.fail("POST", "/graphql", .instead(.answer(200, body: refusal))) }
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .forbidden, "it may not see those either")
    fake.fail("POST", "/graphql", .instead(.answer(200, body: refusal)))
    #expect(try await forge.pullRequests() == [])
    fake.fail("POST", "/graphql", .instead(.answer(200, body: refusal)))
    let other = await #expect(throws: ForgeError.self) { try await forge.dashboard() }
    #expect(other?.code == .forbidden)
  }

  @Test func onlyAnIssueOfOursWithTheMarkerIsIt() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    fake.change { [text] state in
      state.issues[7] = .init(
        number: 7, title: "", body: "\(text)", author: "mallory", labels: ["mooring-dashboard"])
      state.issues[8] = .init(
        number: 8, title: "", body: "Look at this: \(text)", author: "mooring-bot", labels: ["mooring-dashboard"])
      state.nextNumber = 9
    }
    #expect(try await forge.dashboard() == nil)
    #expect(try await forge.openDashboard("Title", text).id == "9")
    #expect(try await forge.dashboard()?.id == "9")
  }

  @Test func withoutItsLabelItIsFoundBeforeASecondIsMade() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    _ = try await forge.openDashboard("Title", text)
    fake.change { $0.issues[1]?.labels = [] }
    #expect(try await forge.dashboard() == nil)
    #expect(try await forge.openDashboard("Title", text).id == "1")
    #expect(fake.change { $0.issues.count } == 1)
  }

  @Test func whatAPersonClosedIsFoundClosed() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    _ = try await forge.openDashboard("Title", text)
    fake.change { $0.issues[1]?.isOpen = false }
    #expect(try await forge.dashboard()?.isOpen == false)
  }

  @Test func aTickBetweenReadingAndWritingIsNotLost() async throws {
    let fake = try FakeGitHub()
    let forge = try gitHub(fake)
    var dashboard = Dashboard()
    dashboard.add(Dashboard.Item("a", tick: .redraft(branch: "mooring/a")), to: .open)
    _ = try await forge.openDashboard("Title", dashboard.body())
    let read = try #require(try await forge.dashboard())
    fake.change { state in state.issues[1]?.body.replace("- [ ]", with: "- [x]") }
    #expect(try await forge.write(text, over: read) == false)
    let next = try #require(try await forge.dashboard())
    #expect(DashboardTicks(body: next.body).contains(.redraft(branch: "mooring/a")))
    #expect(try await forge.write(text, over: next))
    #expect(fake.violations == [])
  }

  @Test func whereIssuesAreSwitchedOffTheErrorSaysTheWayOut() async throws {
    let fake = try FakeGitHub()
    fake.change { $0.hasIssues = false }
    let error = await #expect(throws: ForgeError.self) { try await gitHub(fake).openDashboard("Title", text) }
    #expect(error?.code == .noAccess)
    #expect(error?.wayOut?.contains("dashboard: false") == true)
  }

  @Test func aLongOneIsCut() async throws {
    let fake = try FakeGitHub()
    var dashboard = Dashboard()
    for section in Dashboard.Section.allCases {
      for number in 0..<150 {
        dashboard.add(
          Dashboard.Item("\(String(repeating: "x", count: 200)) \(number)", tick: .propose(branch: "\(number)")),
          to: section)
      }
    }
    let forge = try gitHub(fake)
    let opened = try await forge.openDashboard("Title", dashboard.body())
    #expect(opened.body.utf8.count <= HostedProduct.gitHub.bodyLimit)
    #expect(try await forge.dashboard() == opened)
  }
}
