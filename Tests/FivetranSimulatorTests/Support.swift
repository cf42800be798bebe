import Foundation
import JSON

@testable import FivetranSimulator

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

func unsynced(_ name: String) throws -> Account {
  try loadScenario("\(packageRoot)/fixtures/scenarios/\(name)")
}

/// A scenario with its first syncs done.
func scenario(_ name: String = "one-table") throws -> Account {
  var account = try unsynced(name)
  for connection in account.connections where connection.traits.startsSynced {
    try account.completeSync(connection.id)
  }
  return account
}

func request(_ method: String, _ path: String, _ body: String = "") -> APIRequest {
  APIRequest(
    method: method, path: path, headers: ["content-type": "application/json"], body: Array(body.utf8))
}

extension Account {
  mutating func call(_ method: String, _ path: String, _ body: String = "") -> APIResponse {
    respond(to: request(method, path, body))
  }

  /// The `data` of an answer.
  mutating func data(_ path: String) throws -> JSONValue { try call("GET", path).data() }

  /// The next step, and its sync where it has one.
  mutating func step() throws {
    guard let step = try advance() else { return }
    if step.isSynced { try completeSync(step.connection) }
  }

  func connection(_ id: String) -> Connection? { connections.first { $0.id == id } }
}

extension APIResponse {
  func data() throws -> JSONValue { try JSONValue.parse(body)["data"] ?? .null }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// `404 NotFound_Connector`.
  var verdict: String { "\(status) \((try? JSONValue.parse(body))?["code"]?.string ?? "")" }
}

/// The connections of the scenario `all-sorts`.
let shop = "/v1/connections/brisk_otter"
let sheet = "/v1/connections/calm_heron"
let fresh = "/v1/connections/new_wren"

extension Simulator {
  /// Changes what no endpoint changes.
  func edit(_ body: @Sendable (inout Account) -> Void) { body(&account) }
}
