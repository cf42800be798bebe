import Cryptography
import DriftCore
import JSON
import Notifiers
import TestSupport
import Testing
import Transport

struct WebhookNotifierTests {
  @Test func theSignatureIsOfTheRawBody() async throws {
    let channel = Channel(status: 200)
    try await notifier(channel).send(notification)
    let request = try #require(await channel.requests.first)
    let body = request.body ?? []
    let expected = "sha256=" + hex(hmacSHA256(key: Array("shared".utf8), message: body))
    let signature = request.headers.first { $0.name == "X-Mooring-Signature-256" }
    guard case .plain(let value)? = signature?.value else {
      Issue.record("there is no signature")
      return
    }
    #expect(value == expected)
    #expect(try JSONValue.parse(body)["event"]?.string == "change.applied")
  }

  @Test func onlyTheEventsThatAreAskedForAreSent() async throws {
    let channel = Channel(status: 200)
    try await notifier(channel, events: ["proposal.opened"]).send(notification)
    #expect(await channel.requests.isEmpty)
  }

  @Test func aRefusingEndpointIsNamedWithoutItsAddress() async throws {
    let channel = Channel(status: 503)
    do {
      try await notifier(channel).send(notification)
      Issue.record("a refusal is an error")
    } catch {
      #expect("\(error)".contains("503"))
      #expect(!"\(error)".contains("token-canary"))
    }
  }

  /// Over the wire, as a receiver sees it.
  @Test func aReceiverGetsOneSignedPost() async throws {
    let server = try LoopbackServer([.answer(204)])
    defer { server.stop() }
    let notifier = WebhookNotifier(
      url: Secret(server.url + "/hooks/token-canary"), secret: Secret("shared"), events: [],
      transport: try LiveTransport())
    try await notifier.send(notification)
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(request.head.hasPrefix("POST /hooks/token-canary HTTP/1.1"))
    #expect(request.header("Content-Type") == "application/json")
    let expected = "sha256=" + hex(hmacSHA256(key: Array("shared".utf8), message: request.body))
    #expect(request.header("X-Mooring-Signature-256") == expected)
  }

  @Test func aReceiverThatIsGoneIsNamedByItsHostAlone() async throws {
    let server = try LoopbackServer([])
    let origin = server.url
    server.stop()
    let notifier = WebhookNotifier(
      url: Secret(origin + "/hooks/token-canary"), secret: Secret("shared"), events: [],
      transport: try LiveTransport())
    do {
      try await notifier.send(notification)
      Issue.record("nobody listens there")
    } catch {
      #expect("\(error)".hasPrefix("the webhook at \(origin): "))
      #expect(!"\(error)".contains("token-canary"))
    }
  }

  private func notifier(_ channel: Channel, events: Set<String> = []) -> WebhookNotifier {
    WebhookNotifier(
      url: Secret("http://127.0.0.1:1/token-canary"), secret: Secret("shared"), events: events,
      transport: channel)
  }

  private let notification = Notification(
    event: .changeApplied, id: "1", connection: "salesforce", title: "0001-add-tier is applied")
}

actor Channel: HTTPTransport {
  private let status: Int
  private(set) var requests: [HTTPRequest] = []

  init(status: Int) { self.status = status }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    requests.append(request)
    return HTTPResponse(status: status)
  }
}
