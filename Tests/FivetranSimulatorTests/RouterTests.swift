import FivetranSimulator
import JSON
import Testing

/// The traps of the real API.
struct RouterTests {
  @Test func columnsThatNobodyTouchedAreHidden() throws {
    var account = try scenario()
    let before = try body(account.get("/v1/connections/iodize_impressive/schemas"))
    #expect(columns(before)?.isEmpty == true)
    _ = account.call(
      "PATCH", "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns/Name",
      #"{"enabled":true,"hashed":true}"#)
    let after = try body(account.get("/v1/connections/iodize_impressive/schemas"))
    #expect(columns(after)?.map(\.name) == ["Name"])
    let all = try body(
      account.get("/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns"))
    #expect(all["data"]?["columns"]?.members?.count == 8)
  }

  @Test func aColumnThatLeftTheSourceIsMarkedDeleted() throws {
    var account = try scenario("three-connectors")
    for _ in 0..<6 { _ = account.call("POST", "/simulator/advance") }
    let config = try body(account.get("/v1/connections/iodize_impressive/schemas"))
    let region = columns(config)?.first { $0.name == "Region__c" }
    #expect(region?.value["enabled_patch_settings"]?["reason_code"]?.string == "DELETED")
  }

  @Test(arguments: [
    ("GET", "/v1/connections/nobody", 404), ("GET", "/v1/nothing", 404),
    ("GET", "/v1/connections?limit=0", 400), ("DELETE", "/v1/connections/iodize_impressive", 405),
    ("GET", "/v1/metadata/connectors/iodize_impressive/tables", 404),
    (
      "GET", "/v1/connections/iodize_impressive/schemas/salesforce/tables/account/columns", 404
    ), ("GET", "/v1/connectors/iodize_impressive", 200),
    ("GET", "/v1/connections/iodize_impressive/", 200),
  ])
  func statusesAreThoseOfTheRealOne(method: String, path: String, status: Int) throws {
    var account = try scenario()
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    let query = parts.count > 1 ? ["limit": "0"] : [:]
    let answer = account.respond(
      to: APIRequest(method: method, path: parts[0], query: query), credentials: nil)
    #expect(answer.status == status, "\(answer.body)")
  }

  @Test func wrongCredentialsAreRefusedAndWrongMediaTypesToo() throws {
    var account = try scenario()
    let credentials = Credentials(key: "k", secret: "s")
    #expect(
      account.respond(to: APIRequest(method: "GET", path: "/v1/groups"), credentials: credentials)
        .status == 401)
    #expect(
      account.respond(
        to: APIRequest(method: "GET", path: "/v1/groups", headers: ["accept": "text/html"]),
        credentials: nil
      ).status == 406)
    #expect(
      account.respond(
        to: APIRequest(
          method: "PATCH", path: "/v1/connections/iodize_impressive",
          headers: ["content-type": "text/plain"], body: [0x7B, 0x7D]), credentials: nil
      ).status == 415)
  }

  @Test func pagesFollowEachOtherAndTheLastHasNoCursor() throws {
    var account = try scenario("three-connectors")
    var cursor: String?
    var ids: [String] = []
    repeat {
      var query = ["limit": "2"]
      query["cursor"] = cursor
      let answer = account.respond(
        to: APIRequest(method: "GET", path: "/v1/connections", query: query), credentials: nil)
      let data = try body(answer)["data"]
      ids += data?["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      cursor = data?["next_cursor"]?.string
    } while cursor != nil
    #expect(ids == ["iodize_impressive", "speak_inexpensive", "exotic_granite"])
  }

  @Test func aKeyCannotBeSwitchedOff() throws {
    var account = try scenario()
    let answer = account.call(
      "PATCH", "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns/Id",
      #"{"enabled":false}"#)
    #expect(answer.status == 400)
  }

  @Test func dropColumnsNeedsABlockedColumn() throws {
    var account = try scenario()
    let drop = #"{"schemas":{"salesforce":{"tables":{"Account":{"columns":["Name"]}}}}}"#
    let path = "/v1/connections/iodize_impressive/schemas/drop-columns"
    #expect(account.call("POST", path, drop).status == 409)
  }

  @Test func theScenarioIsAsLargeAsItSays() throws {
    let account = try scenario("three-connectors")
    let tables = account.connections.flatMap(\.tables)
    #expect(tables.count >= 60)
    #expect(tables.reduce(0) { $0 + $1.columns.count } >= 1_000)
    #expect(account.steps.count == 9)
  }

  private func body(_ answer: APIResponse) throws -> JSONValue { try JSONValue.parse(answer.body) }

  private func columns(_ config: JSONValue) -> [JSONMember]? {
    config["data"]?["schemas"]?["salesforce"]?["tables"]?["Account"]?["columns"]?.members
  }
}

extension Account {
  fileprivate mutating func get(_ path: String) -> APIResponse { call("GET", path) }

  fileprivate mutating func call(_ method: String, _ path: String, _ body: String = "")
    -> APIResponse
  {
    respond(
      to: APIRequest(
        method: method, path: path, headers: ["content-type": "application/json"],
        body: Array(body.utf8)), credentials: nil)
  }
}
