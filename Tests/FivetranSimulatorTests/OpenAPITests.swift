import Foundation
import JSON
import Testing

@testable import FivetranSimulator

/// The simulator's answers against Fivetran's own OpenAPI file, where it lies beside the repository.
struct OpenAPITests {
  private static let file = packageRoot + "/../shared/fivetran/openapi-subset.json"

  @Test func everyOperationAnswersInTheDocumentedShape() throws {
    guard let document = try document() else { return }
    var account = try scenario()
    account.connections += try unsynced("all-sorts").connections.filter { !$0.traits.startsSynced }
    for call in Self.calls {
      let answer = account.call(call.method, call.path, call.body)
      #expect(answer.status == 200, "\(call): \(answer.status) \(answer.body)")
      try expect(answer, isOf: "\(call.method) \(call.template)", in: document)
    }
    let documented = (document["paths"]?.members ?? []).flatMap { path in
      (path.value.members ?? []).map { "\($0.name.uppercased()) \(path.name)" }
    }
    #expect(!documented.isEmpty)
    let called = Set(Self.calls.map { "\($0.method) \($0.template)" })
    #expect(documented.filter { !called.contains($0) } == [], "every operation of the file is called")
  }

  /// Paused, broken, running, failed and put off, with columns locked, lost and hidden.
  @Test func everyStateHasTheDocumentedShape() throws {
    guard let document = try document() else { return }
    var account = try scenario("all-sorts")
    for step in 0...account.steps.count {
      switch step {
      case 1: _ = account.call("PATCH", shop, #"{"paused": true, "daily_sync_time": "14:00"}"#)
      case 2: _ = account.call("PATCH", shop, #"{"paused": false}"#)
      case 3: _ = account.call("POST", shop + "/resync")
      case 4: account.connections[0].outcomes = [.rescheduled]
      case 5: account.connections[1].setupState = "broken"
      case 6: _ = account.call("PATCH", shop + "/schemas", #"{"schema_change_handling": "BLOCK_ALL"}"#)
      default: break
      }
      try expect(account.call("GET", "/v1/connections"), isOf: "GET /v1/connections", in: document)
      for path in [shop, sheet, fresh] {
        try expect(account.call("GET", path), isOf: "GET /v1/connections/{connectionId}", in: document)
      }
      try expect(
        account.call("GET", shop + "/schemas"), isOf: "GET /v1/connections/{connectionId}/schemas", in: document)
      try account.step()
    }
  }

  /// Nil where the file is not there, which is said.
  private func document() throws -> JSONValue? {
    guard let data = FileManager.default.contents(atPath: Self.file) else {
      print("skipped: \(Self.file) is not there; it is Fivetran's file and no part of this repository")
      return nil
    }
    return try JSONValue.parse(Array(data), limits: JSONLimits(depth: 200))
  }

  private func expect(_ answer: APIResponse, isOf operation: String, in document: JSONValue) throws {
    let words = operation.split(separator: " ").map(String.init)
    let found = document["paths"]?[words[1]]?[words[0].lowercased()]
    let schema = found?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
    let expected = try #require(schema, "\(operation) is not in the file")
    var problems: [String] = []
    check(try JSONValue.parse(answer.body), expected, at: "$", in: document, problems: &problems)
    #expect(problems.isEmpty, "\(operation): \(problems.joined(separator: "; "))")
  }

  private static let connection = "/v1/connections/iodize_impressive"
  private static let account = "/schemas/salesforce/tables/Account"

  private static let calls: [(method: String, template: String, path: String, body: String)] = [
    (
      "POST", "/v1/connections/{connectionId}/schemas", fresh + "/schemas",
      #"{"schema_change_handling":"ALLOW_ALL","schemas":{}}"#
    ),
    ("GET", "/v1/account/info", "/v1/account/info", ""),
    ("GET", "/v1/groups", "/v1/groups", ""),
    ("GET", "/v1/groups/{groupId}", "/v1/groups/projected_sickle", ""),
    ("GET", "/v1/groups/{groupId}/connections", "/v1/groups/projected_sickle/connections", ""),
    ("GET", "/v1/destinations", "/v1/destinations", ""),
    ("GET", "/v1/destinations/{destinationId}", "/v1/destinations/projected_sickle", ""),
    ("GET", "/v1/metadata/connector-types", "/v1/metadata/connector-types", ""),
    ("GET", "/v1/metadata/connector-types/{service}", "/v1/metadata/connector-types/salesforce", ""),
    ("GET", "/v1/connections", "/v1/connections", ""),
    ("GET", "/v1/connections/{connectionId}", connection, ""),
    ("PATCH", "/v1/connections/{connectionId}", connection, #"{"paused":false}"#),
    ("POST", "/v1/connections/{connectionId}/schemas/reload", connection + "/schemas/reload", "{}"),
    ("GET", "/v1/connections/{connectionId}/schemas", connection + "/schemas", ""),
    (
      "PATCH", "/v1/connections/{connectionId}/schemas", connection + "/schemas",
      #"{"schema_change_handling":"ALLOW_ALL"}"#
    ),
    (
      "PATCH", "/v1/connections/{connectionId}/schemas/{schemaName}",
      connection + "/schemas/salesforce", #"{"enabled":true}"#
    ),
    (
      "PATCH", "/v1/connections/{connectionId}/schemas/{schemaName}/tables/{tableName}",
      connection + account, #"{"enabled":true}"#
    ),
    (
      "PATCH",
      "/v1/connections/{connectionId}/schemas/{schemaName}/tables/{tableName}/columns/{columnName}",
      connection + account + "/columns/Name", #"{"enabled":false}"#
    ),
    (
      "GET", "/v1/connections/{connectionId}/schemas/{schema}/tables/{table}/columns",
      connection + account + "/columns", ""
    ),
    (
      "POST", "/v1/connections/{connectionId}/schemas/drop-columns",
      connection + "/schemas/drop-columns",
      #"{"schemas":{"salesforce":{"tables":{"Account":{"columns":["Name"]}}}}}"#
    ),
    (
      "DELETE",
      "/v1/connections/{connectionId}/schemas/{schemaName}/tables/{tableName}/columns/{columnName}",
      connection + account + "/columns/Name", ""
    ),
    (
      "POST", "/v1/connections/{connectionId}/schemas/tables/resync",
      connection + "/schemas/tables/resync", #"{"salesforce":["Account"]}"#
    ),
    // Twice: the look between finds the re-sync done.
    ("GET", "/v1/connections/{connectionId}", connection, ""),
    ("GET", "/v1/connections/{connectionId}", connection, ""),
    (
      "POST", "/v1/connections/{connectionId}/resync", connection + "/resync",
      #"{"scope":{"salesforce":["Account"]}}"#
    ),
    ("POST", "/v1/connections/{connectionId}/sync", connection + "/sync", #"{"force":false}"#),
    ("POST", "/v1/connections/{connectionId}/test", connection + "/test", "{}"),
    (
      "POST", "/v1/webhooks/account", "/v1/webhooks/account",
      #"{"url":"https://bot.example.com/x","events":["sync_end"],"active":false,"secret":"s"}"#
    ),
    (
      "POST", "/v1/webhooks/group/{groupId}", "/v1/webhooks/group/projected_sickle",
      #"{"url":"https://bot.example.com/y","events":["sync_end"],"active":false}"#
    ),
    ("GET", "/v1/webhooks", "/v1/webhooks", ""),
    ("GET", "/v1/webhooks/{webhookId}", "/v1/webhooks/webhook_1", ""),
    ("PATCH", "/v1/webhooks/{webhookId}", "/v1/webhooks/webhook_1", #"{"active":false}"#),
    ("POST", "/v1/webhooks/{webhookId}/test", "/v1/webhooks/webhook_1/test", #"{"event":"sync_end"}"#),
    ("DELETE", "/v1/webhooks/{webhookId}", "/v1/webhooks/webhook_1", ""),
  ]
}

/// Collects where `value` is not of `schema`: types, required members, enumerations. The file writes maps of schemas,
/// tables and columns as objects with one property of that name, and integers' enumerations as strings.
private func check(
  _ value: JSONValue, _ schema: JSONValue, at place: String, in document: JSONValue,
  problems: inout [String]
) {
  if let reference = schema["$ref"]?.string {
    let name = reference.split(separator: "/").last.map(String.init) ?? ""
    guard let target = document["components"]?["schemas"]?[name] else {
      problems.append("\(place): \(reference) is not there")
      return
    }
    check(value, target, at: place, in: document, problems: &problems)
    return
  }
  for part in schema["allOf"]?.array ?? [] {
    check(value, part, at: place, in: document, problems: &problems)
  }
  // A field without a value is null in real answers, whatever the file says.
  if value.isNull { return }
  if let type = schema["type"]?.string, !isOf(type, value) {
    problems.append("\(place) is no \(type)")
    return
  }
  if let allowed = schema["enum"]?.array, let text = value.string,
    // Real answers write in lower case what the file has in capitals.
    !allowed.contains(where: { $0.string?.lowercased() == text.lowercased() })
  {
    problems.append("\(place): \"\(text)\" is not in the enumeration")
  }
  if let items = schema["items"] {
    for (index, item) in (value.array ?? []).enumerated() {
      check(item, items, at: "\(place)[\(index)]", in: document, problems: &problems)
    }
  }
  guard let members = value.members else { return }
  for name in schema["required"]?.array?.compactMap(\.string) ?? [] where value[name] == nil {
    problems.append("\(place) lacks \"\(name)\"")
  }
  let properties = schema["properties"]?.members ?? []
  if properties.count == 1, ["schema", "table", "column"].contains(properties[0].name) {
    for member in members {
      check(
        member.value, properties[0].value, at: "\(place).\(member.name)", in: document,
        problems: &problems)
    }
    return
  }
  for property in properties {
    guard let member = value[property.name] else { continue }
    check(
      member, property.value, at: "\(place).\(property.name)", in: document, problems: &problems)
  }
}

private func isOf(_ type: String, _ value: JSONValue) -> Bool {
  switch type {
  case "string": value.string != nil
  case "boolean": value.bool != nil
  case "integer": value.int != nil
  case "number": value.double != nil
  case "array": value.array != nil
  case "object": value.members != nil
  default: true
  }
}
