import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct ConnectionListTests {
  private let first = "/v1/connections?limit=1000"

  @Test func everyPageIsReadAndEachConnectionComesOnce() async throws {
    let transport = ReplayTransport([
      get(first, try fixture("connections-page-1.json")),
      get(
        "/v1/connections?cursor=eyJza2lwIjoyfQ&limit=1000", try fixture("connections-page-2.json")),
    ])
    let client = client(transport)
    let connections = try await client.connections()
    #expect(connections.map(\.id) == ["gentle_harbour", "quiet_anchor", "brisk_jetty"])
    #expect(
      connections[1]
        == ConnectionStatus(
          id: "quiet_anchor", schema: "orders_db", service: "postgres", groupID: "calm_lagoon",
          isPaused: true, setupState: "broken", syncState: "paused", isHistoricalSync: true,
          succeededAt: nil, failedAt: Timestamp(iso8601: "2026-05-21T23:00:00Z")))
    #expect(connections[0].succeededAt == Timestamp(iso8601: "2026-05-22T00:06:08.5Z"))
    #expect(client.requestCount == 2)
  }

  @Test func requestsCarryCredentialsAndTheRightMediaType() async throws {
    let transport = ReplayTransport([get(first, #"{"code":"Success","data":{"items":[]}}"#)])
    #expect(try await client(transport).connections().isEmpty)
    let request = try #require(transport.requests.first)
    let values = request.headers.map { header in
      switch header.value {
      case .plain(let text): "\(header.name): \(text)"
      case .secret(let secret): "\(header.name): secret \(secret.reveal())"
      }
    }
    #expect(
      values == [
        "Authorization: secret Basic a2V5LW9uZTpzZWNyZXQtdHdv",
        "Accept: application/json;version=2",
      ])
    #expect(request.isRepeatable)
    #expect(!"\(request)".contains("a2V5"))
  }

  @Test(arguments: [#""same""#, #""a+b/c=&limit=1""#])
  func aCursorThatRepeatsEndsInAnError(cursor: String) async throws {
    let body = #"{"code":"Success","data":{"items":[],"next_cursor":\#(cursor)}}"#
    let encoded = cursor.contains("same") ? "same" : "a%2Bb%2Fc%3D%26limit%3D1"
    let transport = ReplayTransport([
      get(first, body), get("/v1/connections?cursor=\(encoded)&limit=1000", body),
    ])
    let error = try await refusal { _ = try await client(transport).connections() }
    #expect(error.reason.contains("already read"))
    #expect(error.request == "GET /v1/connections")
  }

  @Test func aListWithoutEndIsGivenUp() async throws {
    let transport = EndlessPages()
    let client = FivetranClient(
      api: api, key: Secret("k"), secret: Secret("s"), transport: transport)
    let error = try await refusal { _ = try await client.connections() }
    #expect(error.reason == "the list has more than 1000 pages")
    #expect(client.requestCount == 1000)
  }

  @Test(arguments: ["null", #""""#])
  func anEmptyCursorEndsTheList(cursor: String) async throws {
    let body = #"{"code":"Success","data":{"items":[],"next_cursor":\#(cursor)}}"#
    #expect(try await client(ReplayTransport([get(first, body)])).connections().isEmpty)
  }

  @Test(arguments: [
    (#"{"items":{}}"#, "data.items should be an array"),
    (#"{}"#, "data.items is missing"),
    (#"[]"#, "data should be an object"),
    (#"{"items":[1]}"#, "data.items[0] should be an object"),
    (#"{"items":[{"status":{},"id":7}]}"#, "data.items[0].id should be a string"),
    (#"{"items":[],"next_cursor":7}"#, "data.next_cursor should be a string"),
    (
      #"{"items":[{"id":"a","schema":"s","service":"x","group_id":"g","paused":"no","status":{}}]}"#,
      "data.items[0].paused should be true or false"
    ),
    (
      #"{"items":[{"id":"a","schema":"s","service":"x","group_id":"g","paused":true,"status":{}}]}"#,
      "data.items[0].status.setup_state is missing"
    ),
    (
      #"{"items":[{"id":"a","schema":"s","service":"x","group_id":"g","paused":true,"failed_at":"soon","status":{"setup_state":"a","sync_state":"b"}}]}"#,
      "data.items[0].failed_at should be a time in ISO 8601"
    ),
  ])
  func whatHasTheWrongShapeIsNamed(data: String, reason: String) async throws {
    let transport = ReplayTransport([get(first, #"{"code":"Success","data":\#(data)}"#)])
    #expect(try await refusal { _ = try await client(transport).connections() }.reason == reason)
  }
}

/// Always one more page, each with a cursor of its own.
private struct EndlessPages: HTTPTransport {
  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let cursor = "\(request.url.utf8.count)-\(request.url.split(separator: "cursor=").last ?? "")"
    let body = #"{"code":"Success","data":{"items":[],"next_cursor":"\#(next(cursor))"}}"#
    return HTTPResponse(status: 200, body: Array(body.utf8))
  }

  private func next(_ cursor: String) -> Int {
    let digits = cursor.split(separator: "-").last?.prefix { $0.isNumber } ?? ""
    return (Int(digits) ?? 0) + 1
  }
}
