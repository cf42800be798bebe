import TestSupport
import Testing

@testable import Transport

private let url = "https://api.example.com/v1/groups"

private struct FixedGenerator: RandomNumberGenerator, Sendable {
  var state: UInt64

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A retrying transport over a script of answers to GETs of one URL.
private struct Setup {
  let replay: ReplayTransport
  let clock = ImmediateClock()
  let transport: RetryingTransport

  init(_ outcomes: [Result<HTTPResponse, TransportError>], method: String = "GET", seed: UInt64 = 1) {
    replay = ReplayTransport(outcomes.map { .init(method, url, $0) })
    transport = RetryingTransport(replay, clock: clock, generator: FixedGenerator(state: seed))
  }
}

private func answer(_ status: Int, _ headers: [(String, String)] = []) -> Result<HTTPResponse, TransportError> {
  .success(HTTPResponse(status: status, headers: headers.map { .init($0.0, $0.1) }))
}

private let lost = Result<HTTPResponse, TransportError>.failure(
  TransportError(.lostConnection, request: "GET \(url)"))

struct RetryingTransportTests {
  @Test(arguments: [429, 500, 502, 503, 504])
  func aReadIsRepeatedUntilItSucceeds(status: Int) async throws {
    let setup = Setup([answer(status), lost, answer(200)])
    #expect(try await setup.transport.send(HTTPRequest(url: url)).status == 200)
    #expect(setup.clock.sleeps.count == 2)
  }

  @Test(arguments: [200, 204, 301, 400, 401, 403, 404, 408, 409, 501])
  func otherAnswersAreReturnedAtOnce(status: Int) async throws {
    let setup = Setup([answer(status), answer(200)])
    #expect(try await setup.transport.send(HTTPRequest(url: url)).status == status)
    #expect(setup.clock.sleeps.isEmpty)
  }

  @Test(arguments: [
    TransportError.Code.tls, .timedOut, .refused, .tooLarge, .badEncoding, .unresolvedHost,
  ])
  func otherErrorsAreThrownAtOnce(code: TransportError.Code) async throws {
    let setup = Setup([.failure(TransportError(code, request: "GET \(url)")), answer(200)])
    let error = await #expect(throws: TransportError.self) {
      try await setup.transport.send(HTTPRequest(url: url))
    }
    #expect(error?.code == code)
    #expect(setup.replay.requests.count == 1)
  }

  @Test func aWriteIsNeverRepeatedUnlessItIsSaidToBeRepeatable() async throws {
    let once = Setup([answer(503), answer(200)], method: "POST")
    let write = HTTPRequest(method: "POST", url: url)
    #expect(try await once.transport.send(write).status == 503)
    #expect(once.replay.requests.count == 1)

    let cut = Setup([lost, answer(200)], method: "POST")
    await #expect(throws: TransportError.self) { try await cut.transport.send(write) }
    #expect(cut.replay.requests.count == 1)

    let repeatable = Setup([answer(503), answer(200)], method: "POST")
    let status = try await repeatable.transport.send(
      HTTPRequest(method: "POST", url: url, isRepeatable: true)
    ).status
    #expect(status == 200)
  }

  @Test func afterTheLastAttemptTheAnswerOrTheErrorIsHandedOn() async throws {
    let attempts = RetryingTransport.maximumAttempts
    let busy = Setup(Array(repeating: answer(503), count: attempts + 1))
    #expect(try await busy.transport.send(HTTPRequest(url: url)).status == 503)
    #expect(busy.replay.requests.count == attempts)
    #expect(busy.clock.sleeps.count == attempts - 1)

    let down = Setup(Array(repeating: lost, count: attempts + 1))
    await #expect(throws: TransportError.self) {
      try await down.transport.send(HTTPRequest(url: url))
    }
    #expect(down.replay.requests.count == attempts)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func theWaitDoublesLessAtMostAHalf(seed: UInt64) async throws {
    let setup = Setup([lost, answer(500), answer(502), answer(200)], seed: seed)
    _ = try await setup.transport.send(HTTPRequest(url: url))
    let wholes = [1, 2, 4].map { RetryingTransport.firstWait * $0 }
    #expect(setup.clock.sleeps.count == wholes.count)
    for (sleep, whole) in zip(setup.clock.sleeps, wholes) { #expect((whole / 2...whole).contains(sleep)) }
  }

  @Test func theSameSeedWaitsTheSame() async throws {
    var sleeps: [[Duration]] = []
    for seed in [7, 7, 8] as [UInt64] {
      let setup = Setup([lost, lost, lost, answer(200)], seed: seed)
      _ = try await setup.transport.send(HTTPRequest(url: url))
      sleeps.append(setup.clock.sleeps)
    }
    #expect(sleeps[0] == sleeps[1])
    #expect(sleeps[0] != sleeps[2])
  }

  @Test(arguments: [
    ("0", Duration.zero), ("7", .seconds(7)), ("60", .seconds(60)),
    ("Sun, 06 Nov 1994 08:49:52 GMT", .seconds(15)), ("Sun, 06 Nov 1994 08:49:07 GMT", .zero),
  ])
  func retryAfterIsObeyed(value: String, wait: Duration) async throws {
    let headers = [("Retry-After", value), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let setup = Setup([answer(429, headers), answer(200)])
    #expect(try await setup.transport.send(HTTPRequest(url: url)).status == 200)
    #expect(setup.clock.sleeps == [wait])
  }

  @Test(arguments: ["61", "99999999999999999999999999", "Mon, 07 Nov 1994 08:49:37 GMT"])
  func aWaitBeyondTheCapIsLeftToTheCaller(value: String) async throws {
    let headers = [("Retry-After", value), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let setup = Setup([answer(429, headers), answer(200)])
    let response = try await setup.transport.send(HTTPRequest(url: url))
    #expect(response.status == 429)
    #expect(response.header("retry-after") == value)
    #expect(setup.clock.sleeps.isEmpty)
  }

  @Test(arguments: ["", "soon", "-1", "1.5", "Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT"])
  func nonsenseIsAnsweredWithOurOwnWait(value: String) async throws {
    let headers = [("Retry-After", value), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let setup = Setup([answer(429, headers), answer(200)])
    _ = try await setup.transport.send(HTTPRequest(url: url))
    let range = RetryingTransport.firstWait / 2...RetryingTransport.firstWait
    #expect(setup.clock.sleeps.count == 1)
    #expect(setup.clock.sleeps.allSatisfy(range.contains))
  }

  @Test func cancellationEndsTheWaiting() async throws {
    let setup = Setup([answer(503), answer(200)])
    await withTaskGroup(of: Void.self) { group in
      group.cancelAll()
      group.addTask {
        await #expect(throws: CancellationError.self) {
          try await setup.transport.send(HTTPRequest(url: url))
        }
      }
    }
  }
}

struct ReplayTransportTests {
  @Test func anUnexpectedRequestSaysWhatWasAskedFor() async throws {
    let replay = ReplayTransport([.init("GET", url, HTTPResponse(status: 200))])
    let error = await #expect(throws: TransportError.self) {
      try await replay.send(HTTPRequest(method: "POST", url: url + "?limit=1"))
    }
    #expect(error?.code == .unexpectedRequest)
    #expect(error?.description.contains("POST \(url)?limit=1") == true)
    #expect(replay.unused.count == 1)
  }

  @Test func anExchangeIsUsedOnce() async throws {
    let replay = ReplayTransport([.init("GET", url, HTTPResponse(status: 200))])
    #expect(try await replay.send(HTTPRequest(url: url)).status == 200)
    await #expect(throws: TransportError.self) { try await replay.send(HTTPRequest(url: url)) }
    #expect(replay.requests.map(\.url) == [url, url])
  }
}
