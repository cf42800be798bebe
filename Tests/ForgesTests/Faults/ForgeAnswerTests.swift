import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

/// Answers that are lost, cut, another's or none at all.
@Suite(.serialized)
struct ForgeAnswerTests {
  private static let page = "<html>Sign in</html>"

  /// What comes in place of an answer, and whether the request was carried out.
  static let faults: [(String, FakeGitHub.Fault.Kind)] = [
    ("done, then cut", .after(.cut([]))), ("done, then 204", .after(.answer(204))), ("cut", .instead(.cut([]))),
    ("a page", .instead(.answer(200, ["Content-Type: text/html"], body: page))),
    ("created, a page", .instead(.answer(201, body: page))),
  ]

  /// At each request of a run in turn; the next run ends as if nothing had been.
  @Test(arguments: FaultyForge.Kind.allCases, faults.indices)
  func aFaultAtAnyRequestIsHealedByTheNextRun(kind: FaultyForge.Kind, fault: Int) async throws {
    let (name, fault) = Self.faults[fault]
    for number in 1...(try await FaultyForge.length(of: kind)) {
      let forge = try FaultyForge(kind)
      forge.fail(number, fault)
      var runs = 0
      while runs < 3 {
        runs += 1
        do {
          try await forge.story()
          break
        } catch {
          #expect(error is ForgeError || error is TransportError, "\(error)")
        }
      }
      try await forge.expectEndOfStory("\(name), request \(number), \(runs) runs")
    }
  }

  /// A body whose end is the end of the connection: to the transport it is whole.
  @Test(arguments: FaultyForge.Kind.allCases)
  func aListCutAnywhereIsNoList(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    let live = try LiveTransport()
    _ = try await forge.run().open(forge.draft())
    let recording = RecordingTransport(live)
    _ = try await forge.run(over: recording).pullRequests()
    for (index, exchange) in recording.exchanges.enumerated() {
      let body = exchange.answer.body
      for count in 0..<body.count {
        forge.forget()
        forge.fail(index + 1, .instead(.cut(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body[..<count])))
        let error = await #expect(throws: ForgeError.self, "\(count) of \(body.count) bytes") {
          try await forge.run(over: live).pullRequests()
        }
        #expect(error?.code == .unreadable)
      }
    }
  }

  @Test(arguments: FaultyForge.Kind.allCases, [301, 307])
  func noRequestFollowsARedirect(kind: FaultyForge.Kind, status: Int) async throws {
    let elsewhere = try LoopbackServer([])
    for number in 1...(try await FaultyForge.length(of: kind)) {
      let forge = try FaultyForge(kind)
      forge.fail(number, .instead(.answer(status, ["Location: \(elsewhere.url)/x"])))
      let error = await #expect(throws: ForgeError.self) { try await forge.story() }
      #expect(error?.code == .moved, "request \(number)")
      #expect(error?.wayOut?.contains("forge.repository") == true)
    }
    #expect(elsewhere.requests.isEmpty)
  }

  @Test(arguments: FaultyForge.Kind.allCases)
  func aTokenThatIsRevokedInTheMiddleEndsTheRun(kind: FaultyForge.Kind) async throws {
    for number in 1...(try await FaultyForge.length(of: kind)) {
      let forge = try FaultyForge(kind)
      forge.meanwhile(number, .revoke)
      let error = await #expect(throws: ForgeError.self) { try await forge.story() }
      #expect(error?.code == .unauthorized, "request \(number): \(String(describing: error))")
      #expect(error?.wayOut == "check forge.token, and whether it expired")
      #expect(forge.requests().count == number, "nothing more is asked")
    }
  }

  @Test(arguments: FaultyForge.Kind.allCases)
  func aTokenThatWasRefusedIsNotShownAgain(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    forge.meanwhile(1, .revoke)
    let run = try forge.run()
    for activity in ["listing the", "looking for the dashboard"] {
      let error = await #expect(throws: ForgeError.self) {
        if activity == "listing the" { _ = try await run.pullRequests() } else { _ = try await run.dashboard() }
      }
      #expect(error?.code == .unauthorized)
      #expect(error?.activity.hasPrefix(activity) == true)
    }
    #expect(forge.requests().count == 1)
  }

  @Test func anAnswerForAnotherRepositoryIsRefused() async throws {
    let gitLab = try FakeGitLab()
    let gitea = try FakeGitea()
    let transport = try LiveTransport()
    let forges = [
      (HostedKind.gitLab, gitLab.url + "/api/v4", FakeGitLab.project, "glpat-1"),
      (.gitea, gitea.url + "/api/v1", FakeGitea.repository, "gt-1"),
    ]
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    gitLab.push(draft)
    gitea.push(draft)
    for (kind, api, repository, token) in forges {
      gitLab.change { $0.answeredFor = nil }
      gitea.change { $0.answeredFor = FakeGitea.repository.uppercased() }
      let forge = try HostedForge(
        kind,
        HostedSettings(
          api: api, repository: repository, credential: .token(Secret(token)), transport: transport,
          clock: ImmediateClock(), now: { FakeGitHub.start }))
      _ = try await forge.open(draft)
      #expect(try await forge.pullRequests().count == 1)
      gitLab.change { $0.answeredFor = "acme/other" }
      gitea.change { $0.answeredFor = "acme/other" }
      // GitLab's list asks for the project by name, and is told its name now.
      let listing = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
      #expect(listing?.code == (kind.name == "gitlab" ? .moved : .unreadable))
      let closing = await #expect(throws: ForgeError.self) { try await forge.close("1", because: "") }
      #expect(closing?.code == .unreadable)
    }
    #expect(gitLab.mergeRequests[0].state == "opened")
    #expect(gitea.pulls[0].isOpen)
  }

  /// The answer to a change says that another pull request was changed.
  @Test(arguments: FaultyForge.Kind.allCases)
  func anAnswerAboutAnotherPullRequestIsRefused(kind: FaultyForge.Kind) async throws {
    let forge = try FaultyForge(kind)
    _ = try await forge.run().open(forge.draft())
    forge.forget()
    let number = kind == .gitLab ? 2 : kind == .gitHub ? 2 : 3
    forge.fail(number, .instead(.answer(200, body: #"{"number":9,"iid":9}"#)))
    let error = await #expect(throws: ForgeError.self) {
      try await forge.run().update("1", to: forge.draft(body: "Two columns more."))
    }
    #expect(error?.code == .unreadable, "\(forge.requests())")
    #expect(error?.finding.contains("not about this") == true)
  }
}
