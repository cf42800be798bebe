import DriftCore
import JSON
import Logging
import ServiceLifecycle
import Testing
import Transport

@testable import FivetranSimulator

/// What goes wrong on request.
struct FaultTests {
  @Test(arguments: [
    (#"{"kind": "status", "status": 503}"#, "503 Fault"),
    (#"{"kind": "status", "status": 429}"#, "429 TooManyRequests"),
    (#"{"kind": "status", "status": 502, "body": "<html>"}"#, "502 "),
    (#"{"kind": "status", "path": "elsewhere"}"#, "200 Success"),
    (#"{"kind": "status", "method": "POST"}"#, "200 Success"),
  ])
  func aStatusIsAnsweredAsManyTimesAsAsked(fault: String, verdict: String) throws {
    var account = try scenario("all-sorts")
    #expect(account.control(request("POST", "/simulator/faults", fault)).status == 200)
    #expect(account.call("GET", shop).verdict == verdict)
    #expect(account.call("GET", shop).status == 200)
  }

  @Test func aFaultWaitsForARequestThatWouldBeAnswered() throws {
    var account = try scenario("all-sorts")
    account.faults = [Fault(kind: .status(500, retryAfter: nil, body: nil), path: "", method: nil, count: 1)]
    let refused = account.respond(to: request("GET", shop), credentials: Credentials(key: "k", secret: "s"))
    #expect(refused.status == 401)
    #expect(account.call("GET", shop).status == 500)
  }

  @Test func retryAfterIsWhatWasAskedFor() throws {
    var account = try scenario("all-sorts")
    for status in [429, 503] {
      let fault = #"{"kind": "status", "status": \#(status), "retry_after": 41}"#
      _ = account.control(request("POST", "/simulator/faults", fault))
      #expect(account.call("GET", shop).header("Retry-After") == "41")
    }
  }

  @Test func halfAListingDoesNotSaySo() throws {
    var account = try scenario("all-sorts")
    let fault = request("POST", "/simulator/faults", #"{"kind": "half", "count": 2}"#)
    _ = account.control(fault)
    #expect(account.call("POST", shop + "/sync").status == 200, "a fault of listings lets others pass")
    let list = try account.data("/v1/connections")
    #expect(list["items"]?.array?.count == 1)
    #expect(list["next_cursor"] == nil)
    #expect(try tables(&account) == 2)
    #expect(try tables(&account) == 5)
  }

  @Test func faultsAreTakenBack() throws {
    var account = try scenario("all-sorts")
    _ = account.control(request("POST", "/simulator/faults", #"{"kind": "drop", "count": 9}"#))
    #expect(account.control(request("POST", "/simulator/faults", #"{"kind": "fire"}"#)).status == 400)
    _ = account.control(request("DELETE", "/simulator/faults"))
    #expect(account.faults.isEmpty)
  }

  private func tables(_ account: inout Account) throws -> Int {
    (try account.data(shop + "/schemas")["schemas"]?.members ?? [])
      .reduce(0) { $0 + ($1.value["tables"]?.members?.count ?? 0) }
  }
}

/// The same over HTTP, where a connection can end.
struct ServerTests {
  @Test(arguments: [("before", false), ("after", true)])
  func aConnectionIsDroppedBeforeOrAfterTheRequestTookEffect(when: String, hasEffect: Bool) async throws {
    let simulator = Simulator(try scenario("all-sorts"))
    try await serving(simulator) { url in
      try await post(url + "/simulator/faults", #"{"kind": "drop", "when": "\#(when)", "method": "POST"}"#)
      await #expect(throws: TransportError.self) { try await post(url + shop + "/sync", "{}") }
      #expect(await (simulator.account.connections[0].sync != nil) == hasEffect)
      #expect(try await post(url + shop + "/sync", "{}") == 200)
    }
  }

  @Test func anAnswerIsCutShort() async throws {
    let simulator = Simulator(try scenario("all-sorts"))
    try await serving(simulator) { url in
      try await post(url + "/simulator/faults", #"{"kind": "truncate", "bytes": 20}"#)
      await #expect(throws: TransportError.self) {
        try await LiveTransport().send(HTTPRequest(url: url + shop))
      }
      #expect(try await LiveTransport().send(HTTPRequest(url: url + shop)).status == 200)
    }
  }

  @Test func anAnswerIsDelayed() async throws {
    let simulator = Simulator(try scenario("all-sorts"))
    try await serving(simulator) { url in
      try await post(url + "/simulator/faults", #"{"kind": "delay", "milliseconds": 30000}"#)
      await #expect(throws: TransportError.self) {
        try await LiveTransport().send(HTTPRequest(url: url + shop, timeout: .milliseconds(100)))
      }
    }
  }

  @Test func whatStandsInTheURLAndTheHeadersArrives() async throws {
    let simulator = Simulator(
      try scenario("hostile-names"), credentials: Credentials(key: "k", secret: "s"))
    try await serving(simulator) { url in
      let table = "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account"
      let column = "/columns/%3Cscript%3Ealert%281%29%3C%2Fscript%3E/"
      let headers = [
        HTTPHeader("authorization", "Basic azpz"), HTTPHeader("CONTENT-TYPE", "application/json;version=2"),
      ]
      let answer = try await LiveTransport().send(
        HTTPRequest(
          method: "PATCH", url: url + table + column, headers: headers, body: Array(#"{"enabled": false}"#.utf8)))
      #expect(answer.status == 200)
      #expect(answer.header("x-rate-limit") == "20000")
      #expect(answer.header("x-rate-limit-remaining") == "19999")
      let page = try await LiveTransport().send(
        HTTPRequest(url: url + "/v1/connections?limit=1&cursor=eyJza2lwIjox%66Q", headers: headers))
      #expect(try JSONValue.parse(page.body)["data"]?["items"]?.array?.isEmpty == true)
    }
  }

  @Test func requestsAtTheSameTimeAreAnsweredOneAfterAnother() async throws {
    let simulator = Simulator(try scenario("all-sorts"))
    try await serving(simulator) { url in
      await withTaskGroup { group in
        for _ in 0..<20 { group.addTask { _ = try? await post(url + "/simulator/sync", "{}") } }
      }
      #expect(await simulator.account.connections.map(\.syncsDone) == [21, 21, 20])
    }
  }
}

/// Serves on a free port until `body` returns.
private func serving(_ simulator: Simulator, _ body: (String) async throws -> Void) async throws {
  let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
  let service = server(of: simulator, host: "127.0.0.1", port: 0) { continuation.yield($0) }
  let group = ServiceGroup(services: [service], logger: Logger(label: "tests"))
  let running = Task {
    defer { continuation.finish() }
    try await group.run()
  }
  let port = await ports.first { _ in true }
  let outcome: Result<Void, any Error>
  do {
    outcome = .success(try await body("http://127.0.0.1:\(port ?? 0)"))
  } catch {
    outcome = .failure(error)
  }
  await group.triggerGracefulShutdown()
  try await running.value
  try outcome.get()
}

@discardableResult
private func post(_ url: String, _ body: String) async throws -> Int {
  try await LiveTransport().send(
    HTTPRequest(
      method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")],
      body: Array(body.utf8))
  ).status
}
