import JSON
import Testing

@testable import FivetranSimulator

/// The traps of the real API.
struct RouterTests {
  @Test func columnsThatNobodyTouchedAreHidden() throws {
    var account = try scenario()
    let before = try body(account.call("GET", "/v1/connections/iodize_impressive/schemas"))
    #expect(columns(before)?.isEmpty == true)
    _ = account.call(
      "PATCH", "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns/Name",
      #"{"enabled":true,"hashed":true}"#)
    let after = try body(account.call("GET", "/v1/connections/iodize_impressive/schemas"))
    #expect(columns(after)?.map(\.name) == ["Name"])
    let all = try body(
      account.call("GET", "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns"))
    #expect(all["data"]?["columns"]?.members?.count == 8)
  }

  @Test func aColumnThatLeftTheSourceIsMarkedDeleted() throws {
    var account = try scenario("three-connectors")
    for _ in 0..<6 { try account.step() }
    let config = try body(account.call("GET", "/v1/connections/iodize_impressive/schemas"))
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
    ("GET", "/v1/connections/iodize_impressive/", 200), ("POST", "/v1/connections", 405),
    ("POST", "/v1/groups", 405), ("GET", "/v1/groups/nobody", 404), ("GET", "/v1/destinations/nobody", 404),
    ("GET", "/v1/groups/projected_sickle/connectors", 200), ("GET", "/v2/groups", 404), ("GET", "/v1/account", 404),
    ("GET", "/v1/connections/iodize_impressive/sync", 405), ("GET", "/v1/connections/iodize_impressive/nope", 404),
    ("GET", "/v1/connections/iodize_impressive/schemas/salesforce", 405),
    ("DELETE", "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account", 405),
    ("POST", "/v1/connectors/iodize_impressive/force", 200),
    ("POST", "/v1/connections/iodize_impressive/schemas/reload/", 200),
    ("GET", "/v1/webhooks/nobody", 404), ("POST", "/v1/webhooks", 405),
  ])
  func statusesAreThoseOfTheRealOne(method: String, path: String, status: Int) throws {
    var account = try scenario()
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    let query = parts.count > 1 ? ["limit": "0"] : [:]
    let answer = account.respond(
      to: APIRequest(method: method, path: parts[0], query: query))
    #expect(answer.status == status, "\(answer.body)")
  }

  @Test(arguments: [
    ("accept", "text/html", 406), ("accept", "application/json;version=2", 200), ("accept", "*/*", 200),
    ("accept", "text/html, application/json; q=0.5", 200), ("accept", "", 200),
    ("content-type", "text/plain", 415), ("content-type", "application/json;version=2", 200),
    ("content-type", "Application/JSON; charset=utf-8", 200), ("content-type", "application/jsonp", 415),
  ])
  func mediaTypesAreCheckedAsLenientlyAsTheRealOneDoes(header: String, value: String, status: Int) throws {
    var account = try scenario()
    let answer = account.respond(
      to: APIRequest(
        method: "PATCH", path: "/v1/connections/iodize_impressive",
        headers: ["content-type": "application/json"].merging([header: value]) { $1 },
        body: Array(#"{"paused": false}"#.utf8)))
    #expect(answer.status == status)
  }

  @Test(arguments: [("k", "s", 200), ("k", "t", 401), ("", "", 401)])
  func onlyTheRightPairIsLetIn(key: String, secret: String, status: Int) throws {
    var account = try scenario()
    var request = APIRequest(method: "GET", path: "/v1/groups")
    if !key.isEmpty { request.headers["authorization"] = Credentials(key: key, secret: secret).header }
    #expect(account.respond(to: request, credentials: Credentials(key: "k", secret: "s")).status == status)
  }

  @Test func aPostWithoutABodyNeedsNoMediaType() throws {
    var account = try scenario()
    let answer = account.respond(
      to: APIRequest(method: "POST", path: "/v1/connections/iodize_impressive/sync"))
    #expect(answer.status == 200)
  }

  @Test func pagesFollowEachOtherAndTheLastHasNoCursor() throws {
    var account = try scenario("three-connectors")
    var cursor: String?
    var ids: [String] = []
    repeat {
      var query = ["limit": "2"]
      query["cursor"] = cursor
      let answer = account.respond(
        to: APIRequest(method: "GET", path: "/v1/connections", query: query))
      let data = try body(answer)["data"]
      ids += data?["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      cursor = data?["next_cursor"]?.string
    } while cursor != nil
    #expect(ids == ["iodize_impressive", "speak_inexpensive", "exotic_granite"])
  }

  @Test(arguments: [
    (["limit": "0"], 400), (["limit": "1001"], 400), (["limit": "many"], 400), (["limit": "1000"], 200),
    (["cursor": "elsewhere"], 400), (["cursor": Page.cursor(skipping: -1)], 400),
    (["cursor": Page.cursor(skipping: 99)], 200),
  ])
  func limitsAndCursorsAreChecked(query: [String: String], status: Int) throws {
    var account = try scenario()
    let answer = account.respond(to: APIRequest(method: "GET", path: "/v1/connections", query: query))
    #expect(answer.status == status)
  }

  @Test(arguments: [
    (["schema": "stripe"], 1), (["schema": "Stripe"], 0), (["group_id": "projected_sickle"], 3), (["group_id": "x"], 0),
  ])
  func listsAreFiltered(query: [String: String], count: Int) throws {
    var account = try scenario("three-connectors")
    for path in ["/v1/connections", "/v1/groups/projected_sickle/connections"] {
      let answer = account.respond(to: APIRequest(method: "GET", path: path, query: query))
      #expect(try answer.data()["items"]?.array?.count == count)
    }
  }

  @Test func theMetadataEndpointTellsWhatHasLandedWhereThereIsOne() throws {
    var account = try scenario("all-sorts")
    for _ in 0..<3 { try account.step() }
    #expect(account.call("GET", "/v1/metadata/connectors/calm_heron/columns").status == 404)
    let schemas = try account.data("/v1/metadata/connectors/brisk_otter/schemas")["items"]?.array
    let tables = try account.data("/v1/metadata/connectors/brisk_otter/tables")["items"]?.array
    let columns = try account.data("/v1/metadata/connectors/brisk_otter/columns")["items"]?.array ?? []
    let orders = tables?.first { $0["name_in_source"] == "orders" }
    #expect(schemas?.contains { $0["id"] == orders?["parent_id"] } == true)
    let types = columns.filter { $0["parent_id"] == orders?["id"] }
      .map { ($0["name_in_source"]?.string ?? "", $0["type_in_source"]?.string, $0["type_in_destination"]?.string) }
    #expect(types.map(\.0) == ["id", "total", "placed_on"])
    #expect(types.map(\.1) == ["Long", "BigDecimal", "Boolean"])
    #expect(types.map(\.2) == ["BIGINT", "NUMERIC(10,2)", "TEXT"])
    #expect(columns.contains { $0["name_in_source"] == "city" }, "what the source lost has landed all the same")
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

  private func body(_ answer: APIResponse) throws -> JSONValue { try JSONValue.parse(answer.body) }

  private func columns(_ config: JSONValue) -> [JSONMember]? {
    config["data"]?["schemas"]?["salesforce"]?["tables"]?["Account"]?["columns"]?.members
  }
}
