import JSON
import Testing

@testable import FivetranSimulator

/// What syncs look like from outside.
struct SyncTests {
  @Test func aSyncIsSeenRunningAndIsThenFoundDone() throws {
    var account = try scenario("all-sorts")
    let before = try account.data(shop)["succeeded_at"]?.string ?? ""
    #expect(account.call("POST", shop + "/sync", #"{"force": false}"#).status == 200)
    let states = try (0..<3).map { _ in try account.data(shop)["status"]?["sync_state"]?.string }
    #expect(states == ["syncing", "syncing", "scheduled"])
    #expect(try account.data(shop)["succeeded_at"]?.string ?? "" > before)
  }

  @Test func aListIsALookAtWhatItShowsAndAtNothingElse() throws {
    var account = try scenario("all-sorts")
    account.looksOfASync = 0
    _ = account.call("POST", sheet + "/sync")
    let first = APIRequest(method: "GET", path: "/v1/connections", query: ["limit": "1"])
    _ = account.respond(to: first)
    #expect(account.connection("calm_heron")?.sync != nil)
    _ = account.call("GET", "/v1/groups/projected_sickle/connections")
    #expect(account.connection("calm_heron")?.sync == nil)
  }

  @Test func lookingWithWrongCredentialsFinishesNothing() throws {
    var account = try scenario("all-sorts")
    account.looksOfASync = 0
    _ = account.call("POST", shop + "/sync")
    let answer = account.respond(to: request("GET", shop), credentials: Credentials(key: "k", secret: "s"))
    #expect(answer.status == 401)
    #expect(account.connection("brisk_otter")?.sync != nil)
  }

  @Test(arguments: [
    ("PATCH", "/schemas/public/tables/customers/columns/email", #"{"enabled": false}"#),
    ("PATCH", "/schemas", #"{"schema_change_handling": "BLOCK_ALL"}"#),
    ("PATCH", "", #"{"paused": true, "run_setup_tests": false}"#),
  ])
  func aChangeOfSettingsCancelsARunningSync(method: String, path: String, body: String) throws {
    var account = try scenario("all-sorts")
    let before = try account.data(shop)["succeeded_at"]?.string
    _ = account.call("POST", shop + "/sync")
    #expect(account.call(method, shop + path, body).status == 200)
    #expect(account.connection("brisk_otter")?.sync == nil)
    #expect(try account.data(shop)["succeeded_at"]?.string == before)
  }

  @Test func aSecondSyncChangesNothingUnlessItIsForced() throws {
    var account = try scenario("all-sorts")
    _ = account.call("POST", shop + "/sync")
    let first = account.connection("brisk_otter")?.sync?.id
    for path in ["/sync", "/force"] { #expect(account.call("POST", shop + path).status == 200) }
    #expect(account.connection("brisk_otter")?.sync?.id == first)
    #expect(account.call("POST", shop + "/sync", #"{"force": true}"#).status == 200)
    #expect(account.connection("brisk_otter")?.sync?.id != first)
  }

  @Test(arguments: ["/resync", "/schemas/tables/resync", "/schemas/public/tables/orders/resync"])
  func aResyncIsRefusedWhileASyncRuns(path: String) throws {
    var account = try scenario("all-sorts")
    let body = path == "/schemas/tables/resync" ? #"{"public": ["orders"]}"# : ""
    _ = account.call("POST", shop + "/sync")
    #expect(account.call("POST", shop + path, body).status == 409)
    try account.completeSync("brisk_otter")
    #expect(account.call("POST", shop + path, body).status == 200)
    #expect(try account.data(shop)["status"]?["is_historical_sync"]?.bool == true)
    try account.completeSync("brisk_otter")
    #expect(try account.data(shop)["status"]?["is_historical_sync"]?.bool == false)
  }

  @Test(arguments: [
    (shop, "/resync", #"{"scope": {}}"#, 400), (shop, "/resync", #"{"scope": {"public": []}}"#, 400),
    (shop, "/resync", #"{"scope": null}"#, 200), (shop, "/resync", "{}", 200), (shop, "/resync", "", 200),
    (shop, "/resync", #"{"scope": {"public": ["orders"]}}"#, 200),
    (shop, "/resync", #"{"scope": {"public": ["Orders"]}}"#, 404),
    (shop, "/schemas/tables/resync", "{}", 400), (shop, "/schemas/tables/resync", "", 400),
    (shop, "/schemas/tables/resync", #"{"schema": ["public.orders"]}"#, 404),
    (sheet, "/resync", #"{"scope": {"sheet": ["rates"]}}"#, 400), (sheet, "/resync", "{}", 200),
    (shop, "/sync", "[]", 400), (shop, "/sync/now", "", 404),
  ])
  func theScopeOfAResyncIsChecked(connection: String, path: String, body: String, status: Int) throws {
    var account = try scenario("all-sorts")
    #expect(account.call("POST", connection + path, body).status == status)
  }

  @Test func aPausedConnectionDoesNotSyncAndResyncsWhenItIsResumed() throws {
    var account = try scenario("all-sorts")
    _ = account.call("PATCH", shop, #"{"paused": true}"#)
    #expect(try account.data(shop)["status"]?["sync_state"]?.string == "paused")
    #expect(account.call("POST", shop + "/sync").status == 409)
    #expect(account.call("POST", shop + "/resync").status == 200)
    #expect(account.connection("brisk_otter")?.sync == nil)
    _ = account.call("PATCH", shop, #"{"paused": false}"#)
    #expect(try account.data(shop)["status"]?["sync_state"]?.string == "syncing")
  }

  @Test func aControlLeavesAPausedConnectionAlone() async throws {
    let simulator = Simulator(try scenario("all-sorts"))
    _ = await simulator.respond(to: request("PATCH", shop, #"{"paused": true}"#))
    let answer = await simulator.respond(to: request("POST", "/simulator/sync"))
    #expect(try answer.data()["synced"] == ["calm_heron", "new_wren"])
    let step = await simulator.respond(to: request("POST", "/simulator/advance", #"{"to": 2}"#))
    #expect(try step.data()["synced"] == [])
  }

  @Test(arguments: [("brisk_otter", "syncing"), ("calm_heron", "rescheduled")])
  func whatIsPutOffGoesOnByItselfOnlyOnFivetransSchedule(id: String, later: String) throws {
    var account = try scenario("all-sorts")
    let path = "/v1/connections/\(id)"
    account.connections[account.connections.firstIndex { $0.id == id } ?? 0].outcomes = [.rescheduled]
    try account.completeSync(id)
    let status = try account.data(path)["status"]
    #expect(status?["sync_state"]?.string == "rescheduled")
    #expect(status?["rescheduled_for"]?.string != nil)
    account.passTime(seconds: 3_600)
    #expect(try account.data(path)["status"]?["sync_state"]?.string == later)
    _ = account.call("POST", path + "/sync")
    #expect(try account.data(path)["status"]?["sync_state"]?.string == "syncing")
  }

  @Test func aFailureHasATimeAndLeavesTheLastSuccess() throws {
    var account = try scenario("all-sorts")
    let before = try account.data(shop)
    account.connections[0].outcomes = [.failure(reason: "the source is away")]
    try account.completeSync("brisk_otter")
    let after = try account.data(shop)
    #expect(after["succeeded_at"] == before["succeeded_at"])
    #expect(after["failed_at"]?.string != nil)
    try account.completeSync("brisk_otter")
    #expect(try account.data(shop)["succeeded_at"] != before["succeeded_at"])
  }

  @Test func aHistoricalSyncStartsAtOnceAndEndsTheRunningOne() throws {
    var account = try scenario("all-sorts")
    _ = account.call("POST", shop + "/sync")
    let first = account.connection("brisk_otter")?.sync?.id
    _ = account.call("PATCH", shop, #"{"is_historical_sync": true}"#)
    #expect(account.connection("brisk_otter")?.sync?.id != first)
    #expect(try account.data(shop)["status"]?["is_historical_sync"]?.bool == true)
  }

  @Test(arguments: [
    (#"{"run_setup_tests": false}"#, 400), ("{}", 400), ("", 400), (#"{"sync_frequency": 7}"#, 400),
    (#"{"sync_frequency": 60}"#, 200), (#"{"schedule_type": "often"}"#, 400),
    (#"{"schedule_type": "manual"}"#, 200), (#"{"paused": "yes"}"#, 400),
  ])
  func settingsOfAConnectionAreChecked(body: String, status: Int) throws {
    var account = try scenario("all-sorts")
    #expect(account.call("PATCH", shop, body).status == status)
  }

  @Test func setupTestsNeedABodyAndTellWhatTheyFound() throws {
    var account = try scenario("all-sorts")
    #expect(account.call("POST", shop + "/test").status == 400)
    let tests = try account.call("POST", shop + "/test", "{}").data()["setup_tests"]?.array
    #expect(tests?.map { $0["status"]?.string } == ["PASSED", "PASSED"])
    account.connections[0].setupState = "broken"
    #expect(try account.call("POST", shop + "/test", "{}").data()["setup_tests"]?[0]?["status"] == "FAILED")
    #expect(account.call("POST", shop + "/sync").status == 400)
    #expect(account.call("GET", shop + "/schemas/public/tables/orders/columns").status == 400)
    #expect(try account.data(shop)["status"]?["tasks"]?.array?.count == 1)
  }
}
