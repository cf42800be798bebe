import DriftCore
import JSON
import TestSupport
import Testing
import Transport

@testable import Forges

/// A token is in no error, whatever the server does, and in nothing that is printed.
@Suite(.serialized)
struct ForgeSecretTests {
  private static let canary = "canary-4f1c9b7e2d"

  private func settings(_ url: String, _ credential: HostedSettings.Credential) throws -> HostedSettings {
    let clock = ImmediateClock()
    return HostedSettings(
      api: url, repository: "acme/contracts", credential: credential,
      transport: RetryingTransport(try LiveTransport(), clock: clock), clock: clock, now: { FakeGitHub.start })
  }

  /// What a debugging proxy would do: it says back what it got, header by header, in every form of an error.
  private static func echo(_ request: LoopbackServer.Request, _ status: Int) -> LoopbackServer.Answer {
    let token = request.header("authorization") ?? request.header("private-token") ?? ""
    let said = JSONValue.string("\(token) in \(request.head)")
    let body: JSONValue = [
      "message": said, "error": said, "errors": [["message": said, "type": said], said], "data": .null,
    ]
    return .answer(status, ["Retry-After: 9999", "X-Said: \(token)"], body: body.text)
  }

  @Test(
    arguments: HostedKind.all.map(\.name),
    [200, 201, 301, 400, 401, 403, 404, 405, 409, 410, 412, 418, 422, 429, 500, 502, 503])
  func noErrorHoldsTheToken(name: String, status: Int) async throws {
    let server = try LoopbackServer(answering: { Self.echo($0, status) })
    let kind = try #require(HostedKind.all.first { $0.name == name })
    let settings = try settings(server.url, .token(Secret(Self.canary)))
    let forge = try HostedForge(kind, settings)
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    let commit = CommitID(String(repeating: "f", count: 40))
    let calls: [() async throws -> Void] = [
      { _ = try await forge.pullRequests() }, { _ = try await forge.open(draft) },
      { _ = try await forge.update("1", to: draft) }, { try await forge.close("1", because: "gone") },
      { try await forge.refuse("1", because: "no") }, { try await forge.lift("1") },
      { try await forge.comment(on: "1", .check, "Waits.\n") }, { _ = try await forge.merged(commit, into: "main") },
      { _ = try await forge.set(CommitStatus(state: .success, text: "1"), on: commit) },
      { _ = try await forge.dashboard() }, { _ = try await forge.openDashboard("Title", Dashboard().body()) },
    ]
    var printed = ""
    for call in calls {
      do {
        try await call()
      } catch {
        printed += "\(error)\n\(String(reflecting: error))\n"
        dump(error, to: &printed)
      }
    }
    #expect(server.requests.contains { $0.head.contains(Self.canary) }, "it was sent")
    #expect(printed.contains("127.0.0.1"))
    #expect(!printed.contains(Self.canary))
  }

  @Test func nothingOfAForgeThatIsPrintedHoldsASecret() throws {
    let key = RSAKey()
    var printed = ""
    for credential in [
      HostedSettings.Credential.token(Secret(Self.canary)),
      .app(id: "1", key: Secret(key.pem), installation: nil),
    ] {
      let settings = try settings("https://git.example.com/api/v3", credential)
      let forge = try HostedForge(.gitHub, settings)
      for value in [settings, forge, forge.api] as [Any] {
        printed += "\(value) \(String(reflecting: value))"
        dump(value, to: &printed)
      }
    }
    #expect(printed.contains("git.example.com"))
    #expect(!printed.contains(Self.canary))
    #expect(!printed.contains(String(key.pem.dropFirst(60).prefix(20))))
  }

  /// An App shows a signed assertion for its token: neither is in an error.
  @Test(arguments: [200, 201, 401, 404, 500])
  func noErrorHoldsTheAssertionOfAnApp(status: Int) async throws {
    let key = RSAKey()
    let server = try LoopbackServer(answering: { Self.echo($0, status) })
    let forge = try HostedForge(
      .gitHub, try settings(server.url, .app(id: "1", key: Secret(key.pem), installation: 7)))
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    let sent = try #require(server.requests.first?.header("authorization")).dropFirst("Bearer ".count)
    #expect(sent.count > 100)
    #expect(!"\(String(describing: error)) \(String(reflecting: error))".contains(sent.prefix(40)))
  }

  @Test func whatIsTooShortToBeATokenIsNotLookedFor() {
    let request = HTTPRequest(url: "https://x", headers: [HTTPHeader("A", secret: Secret("token a"))])
    let answer = HTTPResponse(status: 200, body: Array("[\"a\"]".utf8))
    #expect(answer.withoutSecrets(of: request).body == answer.body)
  }
}
