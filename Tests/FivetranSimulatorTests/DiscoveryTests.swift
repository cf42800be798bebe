import DriftCore
import JSON
import Testing

@testable import FivetranSimulator

/// When Fivetran notices what happened at the source, and what it makes of it.
struct DiscoveryTests {
  @Test func aChangeIsUnseenUntilASyncOrAReload() throws {
    for act in ["sync", "reload"] {
      var account = try scenario("all-sorts")
      account.connections[0].config.changeHandling = .blockAll
      try account.step()
      #expect(try shown(&account)["tier"] == nil)
      let live = try account.data(shop + "/schemas/public/tables/customers/columns")["columns"]
      #expect(live?["tier"]?["enabled"]?.bool == false, "the columns call asks the source")
      if act == "sync" {
        try account.completeSync("brisk_otter")
      } else {
        #expect(account.call("POST", shop + "/schemas/reload").status == 200)
      }
      #expect(try shown(&account)["tier"]?["enabled"]?.bool == false)
    }
  }

  @Test func aReloadStartsNoSync() throws {
    var account = try scenario("all-sorts")
    let before = try account.data(shop)
    _ = account.call("POST", shop + "/schemas/reload", #"{"exclude_mode": "PRESERVE"}"#)
    #expect(try account.data(shop) == before)
  }

  @Test(arguments: [
    (ChangeHandling.allowAll, true, true, true), (.allowColumns, false, false, true), (.blockAll, false, false, false),
  ])
  func whatIsNewIsEnabledAsTheHandlingSays(
    handling: ChangeHandling, schema: Bool, table: Bool, column: Bool
  ) throws {
    var account = try scenario("all-sorts")
    account.connections[0].config.changeHandling = handling
    for _ in 0..<4 { try account.step() }
    let schemas = try account.data(shop + "/schemas")["schemas"]
    #expect(schemas?["finance"]?["enabled"]?.bool == schema)
    #expect(schemas?["finance"]?["tables"]?["ledger"]?["enabled"]?.bool == table)
    let columns = try account.data(shop + "/schemas/public/tables/customers/columns")["columns"]
    #expect(columns?["tier"]?["enabled"]?.bool == column)
  }

  @Test func whatLeftTheSourceStaysInTheConfigAndIsLocked() throws {
    var account = try scenario("all-sorts")
    for _ in 0..<7 { try account.step() }
    let schemas = try account.data(shop + "/schemas")["schemas"]
    let city = schemas?["public"]?["tables"]?["customers"]?["columns"]?["city"]
    #expect(city?["enabled_patch_settings"]?["reason_code"]?.string == "DELETED")
    let invoices = schemas?["billing"]?["tables"]?["Invoices"]
    #expect(invoices?["enabled_patch_settings"]?["reason_code"]?.string == "DELETED")
    let live = try account.data(shop + "/schemas/public/tables/customers/columns")["columns"]
    #expect(live?["city"] == nil)
    #expect(account.call("GET", shop + "/schemas/billing/tables/Invoices/columns").status == 404)
  }

  @Test func aConnectionThatNeverSyncedHasNoConfigUntilTheSourceIsLookedAt() throws {
    for act in ["sync", "reload"] {
      var account = try scenario("all-sorts")
      for (method, path) in [
        ("GET", "/schemas"), ("PATCH", "/schemas"), ("GET", "/schemas/fresh/tables/people/columns"),
      ] {
        #expect(account.call(method, fresh + path, "{}").verdict == "404 NotFound_SchemaConfig")
      }
      #expect(try account.data(fresh)["succeeded_at"]?.isNull == true)
      if act == "sync" {
        try account.completeSync("new_wren")
      } else {
        _ = account.call("POST", fresh + "/schemas/reload")
        #expect(try account.data(fresh)["succeeded_at"]?.isNull == true, "a reload is no sync")
      }
      #expect(account.call("GET", fresh + "/schemas").status == 200)
    }
  }

  @Test func aConfigThatWasAskedForBeforehandIsAppliedAsFarAsItGoes() throws {
    var account = try scenario("all-sorts")
    let body = """
      {"schema_change_handling":"BLOCK_ALL","schemas":{"fresh":{"enabled":true,"tables":{"logs":{"enabled":false},\
      "people":{"enabled":true,"columns":{"salary":{"enabled":false},"id":{"enabled":false}}},\
      "ghosts":{"enabled":false}}}}}
      """
    let answer = account.call("POST", fresh + "/schemas", body)
    #expect(try answer.data() == JSONValue.parse(body), "it echoes the request")
    #expect(account.call("GET", fresh + "/schemas").status == 404)
    try account.completeSync("new_wren")
    let config = try account.data(fresh + "/schemas")
    #expect(config["schema_change_handling"]?.string == "BLOCK_ALL")
    let tables = config["schemas"]?["fresh"]?["tables"]
    #expect(tables?["logs"]?["enabled"]?.bool == true, "a locked table cannot be left out")
    #expect(tables?["people"]?["columns"]?["salary"]?["enabled"]?.bool == false)
    #expect(tables?["people"]?["columns"]?["id"]?["enabled"]?.bool == true)
    #expect(account.call("POST", fresh + "/schemas", body).status == 400, "only before there is a config")
  }

  @Test(arguments: [("INCLUDE", true, true), ("EXCLUDE", false, false), ("PRESERVE", true, false)])
  func aReloadCanChooseAnew(mode: String, customers: Bool, blobs: Bool) throws {
    var account = try scenario("all-sorts")
    let answer = account.call("POST", shop + "/schemas/reload", #"{"exclude_mode": "\#(mode)"}"#)
    let schema = try answer.data()["schemas"]?["public"]
    #expect(schema?["enabled"]?.bool == customers)
    #expect(schema?["tables"]?["customers"]?["enabled"]?.bool == customers)
    #expect(schema?["tables"]?["blobs"]?["enabled"]?.bool == blobs)
    #expect(schema?["tables"]?["audit"]?["enabled"]?.bool == true, "locked")
    #expect(account.call("POST", shop + "/schemas/reload", #"{"exclude_mode": "SOME"}"#).status == 400)
  }

  /// Under BLOCK_ALL every column of customers that the config lists.
  private func shown(_ account: inout Account) throws -> JSONValue {
    try account.data(shop + "/schemas")["schemas"]?["public"]?["tables"]?["customers"]?["columns"] ?? .null
  }
}
