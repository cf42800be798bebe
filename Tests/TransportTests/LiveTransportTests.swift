import DriftCore
import Glibc
import TestSupport
import Testing

@testable import Transport

private let short = Duration.milliseconds(200)

/// The error that a request ends with; records an issue when it does not end with a `TransportError`.
private func failure(of request: HTTPRequest, on transport: LiveTransport) async -> TransportError? {
  await #expect(throws: TransportError.self) { try await transport.send(request) }
}

@Suite(.timeLimit(.minutes(5)))
struct LiveTransportTests {
  let transport: LiveTransport

  init() throws { transport = try LiveTransport() }

  @Test func anAnswerArrivesWhole() async throws {
    let server = try LoopbackServer([
      .answer(201, ["X-Request-ID: 7", "Set-Cookie: a", "Set-Cookie:  b "], body: "hello")
    ])
    let response = try await transport.send(HTTPRequest(url: server.url + "/v1/groups?limit=2"))
    #expect(response.status == 201)
    #expect(response.body == Array("hello".utf8))
    #expect(response.header("x-request-id") == "7")
    #expect(response.headers.filter { $0.name == "Set-Cookie" }.map(\.value) == ["a", "b"])
    #expect(server.requests.first?.head.hasPrefix("GET /v1/groups?limit=2 HTTP/1.1\r\n") == true)
    #expect(server.requests.first?.header("user-agent") == "mooring")
  }

  /// Refused by the address that is connected to, however the host is spelled.
  @Test(arguments: [
    "169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fe80::1]",
    "[fd00:ec2::254]", "100.100.100.200",
  ])
  func nothingIsSentToAMachinesOwnAddress(host: String) async {
    let error = await failure(of: HTTPRequest(url: "http://\(host)/latest/meta-data/"), on: transport)
    #expect(error?.code == .forbiddenAddress)
  }

  @Test func aSecretHeaderIsSent() async throws {
    let server = try LoopbackServer([.answer()])
    let headers = [HTTPHeader("Authorization", secret: Secret("Bearer s3cret")), .init("X-Empty", "")]
    _ = try await transport.send(HTTPRequest(url: server.url, headers: headers))
    #expect(server.requests.first?.header("authorization") == "Bearer s3cret")
    #expect(server.requests.first?.header("x-empty") == "")
  }

  @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
  func aBodyIsSentByteForByteAndNothingIsAddedToIt(method: String) async throws {
    let server = try LoopbackServer([.answer(), .answer()])
    // Above the size from which libcurl asks for permission first.
    let body = [UInt8](repeating: 0, count: 2 << 20) + [0x0D, 0x0A]
    _ = try await transport.send(HTTPRequest(method: method, url: server.url, body: body))
    let typed = [HTTPHeader("Content-Type", "application/json")]
    _ = try await transport.send(
      HTTPRequest(method: method, url: server.url, headers: typed, body: [0x7B, 0x7D]))
    let requests = server.requests
    #expect(requests.map { $0.head.hasPrefix("\(method) / ") } == [true, true])
    #expect(requests[0].body == body)
    #expect(requests[0].header("expect") == nil)
    #expect(requests[0].header("content-type") == nil)
    #expect(requests[1].body == [0x7B, 0x7D])
    #expect(requests[1].header("content-type") == "application/json")
  }

  @Test func methodsWithoutABodyAreSent() async throws {
    let server = try LoopbackServer([
      .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n".utf8)), .answer(), .answer(),
    ])
    let head = try await transport.send(HTTPRequest(method: "HEAD", url: server.url))
    #expect(head.body.isEmpty)
    _ = try await transport.send(HTTPRequest(method: "POST", url: server.url))
    _ = try await transport.send(HTTPRequest(method: "DELETE", url: server.url))
    #expect(
      server.requests.map { $0.head.prefix { $0 != " " } } == ["HEAD", "POST", "DELETE"])
    #expect(server.requests[1].header("content-length") == "0")
  }

  @Test func readsShareOneConnection() async throws {
    let server = try LoopbackServer([.answer(), .answer(), .answer()])
    for _ in 0..<3 { _ = try await transport.send(HTTPRequest(url: server.url)) }
    #expect(server.requests.map(\.connection) == [1, 1, 1])
  }

  @Test func manyRequestsAtOnceAreAllAnswered() async throws {
    let server = try LoopbackServer(Array(repeating: .answer(body: "x"), count: 200))
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<200 {
        group.addTask { try await transport.send(HTTPRequest(url: server.url)).status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 200))
    let connections = Set(server.requests.map(\.connection)).count
    #expect(connections <= LiveTransport.maximumRequestsPerOrigin)
  }

  @Test func noRequestOfABurstIsForgotten() async throws {
    for _ in 0..<40 {
      let transport = try LiveTransport()
      let server = try LoopbackServer(Array(repeating: .answer(), count: 60))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<60 {
          group.addTask {
            _ = try await transport.send(HTTPRequest(url: server.url, timeout: .seconds(5)))
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func aRequestThatWaitsInLineIsCancelledAtOnce() async throws {
    let count = LiveTransport.maximumRequestsPerOrigin
    let server = try LoopbackServer(Array(repeating: .hang([]), count: count))
    await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask { _ = try await transport.send(HTTPRequest(url: server.url)) }
      }
      await server.received(count)
      let last = Task { try await transport.send(HTTPRequest(url: server.url)) }
      last.cancel()
      await #expect(throws: CancellationError.self) { try await last.value }
      group.cancelAll()
      while await group.nextResult() != nil {}
    }
    #expect(server.requests.count == count)
  }

  @Test func interimAnswersAreDropped() async throws {
    let server = try LoopbackServer([
      .send(Array("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
    ])
    let response = try await transport.send(HTTPRequest(url: server.url))
    #expect(response.status == 200)
    #expect(response.header("link") == nil)
  }

  // MARK: Broken answers

  @Test func anAnswerCutAnywhereIsRefused() async throws {
    let whole = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
    let server = try LoopbackServer(whole.indices.map { .cut(Array(whole[..<$0])) })
    for length in whole.indices {
      let error = await failure(of: HTTPRequest(url: server.url), on: transport)
      #expect(error?.code == .lostConnection, "cut after \(length) bytes")
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
    "hello",
  ])
  func aMalformedAnswerIsRefused(answer: String) async throws {
    let server = try LoopbackServer([.cut(Array(answer.utf8))])
    let error = await failure(of: HTTPRequest(url: server.url), on: transport)
    #expect(error?.code == .lostConnection)
  }

  @Test func theBodyCapIsExact() async throws {
    let server = try LoopbackServer([.answer(body: "12345"), .answer(body: "123456")])
    let request = HTTPRequest(url: server.url, maximumBodySize: 5)
    #expect(try await transport.send(request).body.count == 5)
    #expect(await failure(of: request, on: transport)?.code == .tooLarge)
  }

  @Test func headersAreCapped() async throws {
    let line = "X-Padding: " + String(repeating: "x", count: 1000)
    let server = try LoopbackServer([
      .answer(200, Array(repeating: line, count: 200)),
      .answer(200, Array(repeating: line, count: 300)),
    ])
    #expect(try await transport.send(HTTPRequest(url: server.url)).headers.count == 201)
    let error = await failure(of: HTTPRequest(url: server.url), on: transport)
    #expect(error?.code == .tooLarge)
  }

  @Test func aCompressedBodyIsDecompressed() async throws {
    let server = try LoopbackServer([gzipAnswer(gzip(zeros: 1 + 258 * 3))])
    let response = try await transport.send(HTTPRequest(url: server.url))
    #expect(response.body == [UInt8](repeating: 0, count: 1 + 258 * 3))
  }

  @Test func aCompressionBombStopsAtTheCap() async throws {
    let bomb = gzip(zeros: 1 + 258 * 80_000)
    #expect(bomb.count < 200_000)
    let server = try LoopbackServer([gzipAnswer(bomb)])
    let request = HTTPRequest(url: server.url, maximumBodySize: 1 << 20)
    #expect(await failure(of: request, on: transport)?.code == .tooLarge)
  }

  @Test func anEncodingThatCannotBeReadIsRefused() async throws {
    let server = try LoopbackServer([
      .answer(200, ["Content-Encoding: secret-sauce"], body: "hello"),
      .answer(200, ["Content-Encoding: gzip"], body: "hello"),
    ])
    for _ in 0..<2 {
      let error = await failure(of: HTTPRequest(url: server.url), on: transport)
      #expect(error?.code == .badEncoding)
    }
  }

  // MARK: Time

  @Test(arguments: [
    LoopbackServer.Answer.hang([]), .hang(Array("HTTP/1.1 200 OK\r\n".utf8)),
    .hang(Array("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello".utf8)),
    .drip(Array("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n".utf8)),
  ])
  func theDeadlineHoldsHoweverTheServerStalls(answer: LoopbackServer.Answer) async throws {
    let server = try LoopbackServer([answer])
    let error = await failure(of: HTTPRequest(url: server.url, timeout: short), on: transport)
    #expect(error?.code == .timedOut)
    await server.closed(1)
  }

  @Test func theDeadlineHoldsForARequestThatWaitsInLine() async throws {
    let count = LiveTransport.maximumRequestsPerOrigin + 2
    let server = try LoopbackServer(Array(repeating: .hang([]), count: count))
    await withTaskGroup(of: TransportError.Code?.self) { group in
      for _ in 0..<count {
        group.addTask {
          await failure(of: HTTPRequest(url: server.url, timeout: short), on: transport)?.code
        }
      }
      for await code in group { #expect(code == .timedOut) }
    }
  }

  @Test func cancellingATaskEndsItsRequest() async throws {
    let server = try LoopbackServer([.hang([])])
    let task = Task { try await transport.send(HTTPRequest(url: server.url)) }
    await server.received(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await server.closed(1)
  }

  @Test func aTaskThatIsCancelledBeforeItSendsEndsToo() async throws {
    let server = try LoopbackServer([.hang([])])
    await withTaskGroup(of: Void.self) { group in
      group.cancelAll()
      group.addTask {
        await #expect(throws: CancellationError.self) {
          try await transport.send(HTTPRequest(url: server.url))
        }
      }
    }
  }

  // MARK: Connections

  @Test func aRefusedPortIsNamed() async throws {
    let server = try LoopbackServer([])
    server.stop()
    let error = await failure(of: HTTPRequest(url: server.url + "/v1"), on: transport)
    #expect(error?.code == .refused)
    #expect(error?.description.hasPrefix("GET \(server.url)/v1: ") == true)
  }

  @Test func tlsIsNeverTriedInPlainText() async throws {
    let server = try LoopbackServer([.answer()])
    let url = "https://127.0.0.1:\(server.port)/"
    // The server speaks no TLS: it says nothing to the greeting, and nothing else is tried.
    let error = await failure(of: HTTPRequest(url: url, timeout: .milliseconds(300)), on: transport)
    #expect(error?.code == .tls || error?.code == .timedOut)
    #expect(server.requests.isEmpty)
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let elsewhere = try LoopbackServer([.answer()])
    let server = try LoopbackServer([.answer(302, ["Location: \(elsewhere.url)/"])])
    let headers = [HTTPHeader("Authorization", secret: Secret("Bearer s3cret"))]
    let response = try await transport.send(HTTPRequest(url: server.url, headers: headers))
    #expect(response.status == 302)
    #expect(elsewhere.requests.isEmpty)
  }

  @Test func aWriteIsNotSentAgainWhenItsConnectionDies() async throws {
    let server = try LoopbackServer([.answer(), .cut([]), .answer()])
    _ = try await transport.send(HTTPRequest(url: server.url))
    let write = HTTPRequest(method: "POST", url: server.url, body: [1])
    #expect(await failure(of: write, on: transport)?.code == .lostConnection)
    #expect(server.requests.count == 2)
  }

  @Test func aConfiguredProxyIsUsed() async throws {
    let proxy = try LoopbackServer([.answer()])
    let transport = try LiveTransport(.init(proxy: Secret(proxy.url)))
    _ = try await transport.send(HTTPRequest(url: "http://api.example.test/v1"))
    #expect(proxy.requests.first?.head.hasPrefix("GET http://api.example.test/v1 ") == true)
  }

  @Test func proxiesOfTheEnvironmentAreIgnored() async {
    await #expect(processExitsWith: .success) {
      for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        setenv(name, "http://127.0.0.1:9", 1)
      }
      let server = try LoopbackServer([.answer()])
      _ = try await LiveTransport().send(HTTPRequest(url: server.url))
    }
  }

  // MARK: End

  @Test func stoppingFailsWhatIsInFlightAndWhatComesLater() async throws {
    let server = try LoopbackServer([.hang([])])
    async let first = failure(of: HTTPRequest(url: server.url), on: transport)
    await server.received(1)
    transport.stop()
    #expect(await first?.code == .stopped)
    #expect(await failure(of: HTTPRequest(url: server.url), on: transport)?.code == .stopped)
    await server.closed(1)
  }

  @Test func theLastReferenceClosesTheConnections() async throws {
    let server = try LoopbackServer([.answer()])
    do {
      let own = try LiveTransport()
      _ = try await own.send(HTTPRequest(url: server.url))
    }
    await server.closed(1)
  }
}

private func gzipAnswer(_ body: [UInt8]) -> LoopbackServer.Answer {
  let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
  return .send(Array(head.utf8) + body)
}

/// A gzip stream of zeros; `zeros` is 1 + a multiple of 258, so that one literal and matches of full length make it up.
private func gzip(zeros: Int) -> [UInt8] {
  var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  var pending: UInt32 = 0
  var width: UInt32 = 0
  // Deflate packs bits from the low end; Huffman codes go in with their first bit first.
  func put(_ bits: String) {
    for bit in bits.utf8 {
      pending |= UInt32(bit - 0x30) << width
      width += 1
      if width == 8 {
        bytes.append(UInt8(pending))
        pending = 0
        width = 0
      }
    }
  }
  put("110")  // last block, fixed codes
  put("00110000")  // literal 0
  for _ in 0..<(zeros - 1) / 258 { put("1100010100000") }  // length 258, distance 1
  put("0000000")  // end of block
  if width > 0 { bytes.append(UInt8(pending)) }
  var table: UInt32 = 0xFFFF_FFFF
  for _ in 0..<zeros {
    for _ in 0..<8 { table = (table >> 1) ^ (0xEDB8_8320 & (0 &- (table & 1))) }
  }
  for value in [~table, UInt32(zeros)] {
    for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
  return bytes
}
