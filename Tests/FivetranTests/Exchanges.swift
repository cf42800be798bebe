import DriftCore
import Fivetran
import FoundationEssentials
import Testing
import Transport

let api = "https://fivetran.example"
let connection: ConnectionID = "gentle_harbour"
let schemas = "/v1/connections/gentle_harbour/schemas"

/// A file under `fixtures/http/fivetran`.
func fixture(_ name: String) throws -> [UInt8] {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  return Array(try Data(contentsOf: root.appendingPathComponent("fixtures/http/fivetran/\(name)")))
}

/// A GET and its answer.
func get(
  _ target: String, status: Int = 200, headers: [HTTPResponse.Field] = [], _ body: [UInt8]
) -> ReplayTransport.Exchange {
  exchange("GET", target, status: status, headers: headers, body)
}

func get(
  _ target: String, status: Int = 200, headers: [HTTPResponse.Field] = [], _ body: String
) -> ReplayTransport.Exchange {
  exchange("GET", target, status: status, headers: headers, Array(body.utf8))
}

func exchange(
  _ method: String, _ target: String, status: Int = 200, _ body: String
) -> ReplayTransport.Exchange {
  exchange(method, target, status: status, Array(body.utf8))
}

private func exchange(
  _ method: String, _ target: String, status: Int, headers: [HTTPResponse.Field] = [],
  _ body: [UInt8]
) -> ReplayTransport.Exchange {
  ReplayTransport.Exchange(
    method, api + target, HTTPResponse(status: status, headers: headers, body: body))
}

func client(_ transport: ReplayTransport) -> FivetranClient {
  FivetranClient(
    api: api + "/", key: Secret("key-one"), secret: Secret("secret-two"), transport: transport)
}

/// The code of the error that `body` throws.
func refusal(_ body: () async throws -> Void) async throws -> FivetranError {
  do {
    try await body()
  } catch let error as FivetranError {
    return error
  }
  struct NothingWasRefused: Error {}
  throw NothingWasRefused()
}

extension FivetranError {
  /// Why the answer could not be read; empty for other codes.
  var reason: String {
    if case .unreadableBody(let reason) = code { reason } else { "" }
  }
}

extension HTTPRequest {
  var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }
}
