import JSON
import Testing

@testable import FivetranSimulator

/// Changes of the schema config, and their refusals.
struct SchemaPatchTests {
  @Test(arguments: [
    ("/schemas/Public", #"{"enabled": false}"#, 404),
    ("/schemas/public/tables/Customers", #"{"enabled": false}"#, 404),
    ("/schemas/public/tables/customers/columns/Email", #"{"enabled": false}"#, 404),
    ("/schemas", #"{"schemas": {"public": {"tables": {"customers": {"columns": {"nope": {"enabled": true}}}}}}}"#, 404),
    ("/schemas/public/tables/audit", #"{"enabled": false}"#, 400),
    ("/schemas/public/tables/audit", #"{"enabled": true}"#, 200),
    ("/schemas/public/tables/audit", #"{"sync_mode": "HISTORY"}"#, 400),
    ("/schemas/public/tables/orders", #"{"sync_mode": "HISTORY"}"#, 200),
    ("/schemas/public/tables/orders", #"{"sync_mode": "SOMETIMES"}"#, 400),
    ("/schemas/public/tables/customers/columns/id", #"{"enabled": false}"#, 400),
    ("/schemas/public/tables/customers/columns/id", #"{"enabled": true, "hashed": true}"#, 200),
    ("/schemas/public/tables/customers/columns/legacy", #"{"enabled": false}"#, 400),
    ("/schemas/public/tables/blobs", #"{"columns": {"body": {"enabled": false}}}"#, 400),
    ("/schemas/public/tables/blobs", #"{"enabled": true}"#, 200),
    ("/schemas/public/tables/customers", #"{"enabled": "no"}"#, 400),
    ("/schemas", #"{"schema_change_handling": "ALLOW_SOME"}"#, 400),
    ("/schemas", #"{"is_type_locked": true}"#, 200), ("/schemas", "[]", 400), ("/schemas", "", 400),
  ])
  func everySettingIsChecked(path: String, body: String, status: Int) throws {
    var account = try scenario("all-sorts")
    let answer = account.call("PATCH", shop + path, body)
    #expect(answer.status == status, "\(answer.body)")
  }

  @Test func aRefusedPatchChangesNothing() throws {
    var account = try scenario("all-sorts")
    let before = try account.data(shop + "/schemas")
    let body = """
      {"schema_change_handling":"BLOCK_ALL","schemas":{"public":{"enabled":false,"tables":{"orders":{"enabled":false},\
      "audit":{"enabled":false}}}}}
      """
    _ = account.call("POST", shop + "/sync")
    #expect(account.call("PATCH", shop + "/schemas", body).status == 400)
    #expect(try account.data(shop + "/schemas") == before)
    #expect(account.connection("brisk_otter")?.sync != nil, "nor is the sync cancelled")
  }

  @Test func whatIsNotNamedIsLeftAlone() throws {
    var account = try scenario("all-sorts")
    let answer = account.call("PATCH", shop + "/schemas", #"{"schemas": {"public": {"enabled": false}}}"#)
    let config = try answer.data()
    #expect(config["schemas"]?["public"]?["enabled"]?.bool == false)
    #expect(config["schemas"]?["public"]?["tables"]?["orders"]?["enabled"]?.bool == true)
    #expect(config["schemas"]?["billing"]?["enabled"]?.bool == true)
  }

  @Test func anUnsupportedColumnSettingIsRefusedInFivetransWords() throws {
    var account = try scenario("all-sorts")
    let answer = account.call("PATCH", shop + "/schemas/public/tables/blobs/columns/body", #"{"enabled":false}"#)
    #expect(answer.body.contains("Table `blobs` of schema `public` doesn't supports columns configuration"))
    #expect(account.call("GET", shop + "/schemas/public/tables/blobs/columns").status == 400)
  }

  @Test func aTableThatIsEnabledIsReadFromItsBeginning() throws {
    var account = try scenario("all-sorts")
    _ = account.call("PATCH", shop + "/schemas/public/tables/blobs", #"{"enabled": true}"#)
    #expect(try account.data(shop)["status"]?["sync_state"]?.string == "syncing")
    #expect(try account.data(shop)["status"]?["is_historical_sync"]?.bool == true)
  }

  @Test func aColumnThatOnlyTheSourceHasCanBeSet() throws {
    var account = try scenario("all-sorts")
    try account.step()
    let path = shop + "/schemas/public/tables/customers/columns/tier"
    #expect(account.call("PATCH", path, #"{"enabled": false}"#).status == 200)
    try account.completeSync("brisk_otter")
    let columns = try account.data(shop + "/schemas/public/tables/customers/columns")["columns"]
    #expect(columns?["tier"]?["enabled"]?.bool == false)
  }

  @Test func namesThatUnicodeCallsEqualAreTwoColumns() throws {
    var account = try scenario("hostile-names")
    _ = try account.step()
    let columns = try account.data("/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns")
    #expect(columns["columns"]?["caf\u{E9}"] != nil)
    #expect(columns["columns"]?["cafe\u{301}"] != nil)
    let path = "/v1/connections/iodize_impressive/schemas/salesforce/tables/Account/columns/caf%C3%A9"
    #expect(account.call("PATCH", path, #"{"enabled": false}"#).status == 200)
    let config = try account.data("/v1/connections/iodize_impressive/schemas")
    let shown = config["schemas"]?["salesforce"]?["tables"]?["Account"]?["columns"]?.members
    #expect(shown?.map { Array($0.name.utf8) } == [Array("caf\u{E9}".utf8)])
  }

  @Test(arguments: [
    (#"{"public": {"tables": {"orders": {"columns": ["note"]}}}}"#, 200),
    (#"{"public": {"tables": {"orders": {"columns": ["note", "total"]}}}}"#, 409),
    (#"{"public": {"tables": {"orders": {"columns": ["note", "nope"]}}}}"#, 404),
    (#"{"public": {"tables": {"orders": {"columns": []}}}}"#, 400), ("{}", 400),
  ])
  func onlyBlockedColumnsAreDroppedAndAllOrNone(schemas: String, status: Int) throws {
    var account = try scenario("all-sorts")
    let answer = account.call("POST", shop + "/schemas/drop-columns", #"{"schemas": \#(schemas)}"#)
    #expect(answer.status == status)
    let asked = account.connections[0].config.schemas[0].tables[1].columns.filter(\.isDropAsked)
    #expect(asked.count == (status == 200 ? 1 : 0))
  }
}
