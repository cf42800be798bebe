import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct ErrorTests {
  @Test(arguments: [
    (401, "", FivetranError.Code.unauthorized),
    (403, "<html>", .forbidden),
    (404, #"{"code":"NotFound_Connector","message":"Connector does not exist."}"#, .notFound),
    (404, #"{"code":"NotFound_Connection"}"#, .notFound),
    (404, #"{"code":"NotFound_SchemaConfig"}"#, .noSchemaConfig),
    (404, "", .notFound),
    (405, "", .unsupported),
    (409, #"{"code":"Conflict","message":"a sync runs"}"#, .conflict(message: "a sync runs")),
    (
      400, #"{"code":"InvalidInput","message":"no such thing"}"#, .invalid(message: "no such thing")
    ),
    (415, "", .invalid(message: "status 415")),
    (500, #"{"code":"x"}"#, .unavailable(status: 500)),
    (503, "<html>", .unavailable(status: 503)),
    (302, "", .unavailable(status: 302)),
  ])
  func aStatusIsToldAsWhatItMeans(status: Int, body: String, code: FivetranError.Code) async throws {
    let transport = ReplayTransport([get(schemas, status: status, body)])
    let error = try await refusal { _ = try await client(transport).settings(of: connection) }
    #expect(error == FivetranError(code, request: "GET \(schemas)"))
  }

  @Test(
    arguments: [
      ("3600", 3600), ("0", 0), ("soon", nil), ("-5", nil), (nil, nil),
    ] as [(String?, Int?)])
  func aRateLimitSaysWhenToComeBack(value: String?, seconds: Int?) async throws {
    let headers = value.map { [HTTPResponse.Field("retry-after", $0)] } ?? []
    let body = #"{"code":"TooManyRequests","message":"slow down"}"#
    let transport = ReplayTransport([get(schemas, status: 429, headers: headers, body)])
    let error = try await refusal { _ = try await client(transport).settings(of: connection) }
    #expect(error.code == .rateLimited(retryAfterSeconds: seconds))
  }

  @Test func messagesNameTheRequestAndTheWayOut() {
    let request = "GET /v1/connections/a/schemas"
    #expect(
      FivetranError(.unauthorized, request: request).description
        == "\(request): not authorized; check Fivetran's API key and secret, and whether it expired"
    )
    #expect(FivetranError(.noSchemaConfig, request: request).description.contains("never synced"))
    #expect(
      FivetranError(.rateLimited(retryAfterSeconds: 41), request: request).description
        == "\(request): too many requests; again in 41 s")
  }

  @Test func whatFivetranSaysStaysOnOneLine() {
    let message = "a\nb\u{1B}[31m\u{202E}" + String(repeating: "x", count: 500)
    let text = FivetranError(.invalid(message: message), request: "GET /").description
    #expect(text.hasPrefix("GET /: refused as invalid: a b [31m x"))
    #expect(text.utf8.count < 300)
  }

  @Test func noErrorHoldsTheCredentials() async throws {
    for status in [200, 401, 429, 500] {
      let transport = ReplayTransport([get(schemas, status: status, "secret-two")])
      let error = try await refusal { _ = try await client(transport).settings(of: connection) }
      for text in ["\(error)", String(reflecting: error)] {
        #expect(!text.contains("secret-two"))
        #expect(!text.contains("key-one"))
        #expect(!text.contains("a2V5"))
      }
    }
    #expect(!String(reflecting: client(ReplayTransport([]))).contains("a2V5"))
  }

  @Test func aTransportErrorPassesThrough() async throws {
    let lost = TransportError(.lostConnection, request: "GET x")
    let transport = ReplayTransport([
      ReplayTransport.Exchange("GET", api + schemas, .failure(lost))
    ])
    await #expect(throws: lost) { try await client(transport).settings(of: connection) }
  }
}
