import JSON
import Testing

@testable import FivetranSimulator

struct RateLimitTests {
  private static let columns = shop + "/schemas/public/tables/orders/columns"

  @Test func theHeadersCountDownAndRefuseAtTheEnd() throws {
    var account = try scenario("all-sorts")
    #expect(account.limits.set(["requests_per_hour": 3]) == nil)
    let left = (0..<3).map { _ in account.call("GET", shop).header("X-Rate-Limit-Remaining") }
    #expect(left == ["2", "1", "0"])
    account.uptime += 600
    let refused = account.call("GET", shop)
    #expect(refused.verdict == "429 TooManyRequests")
    #expect(refused.header("Retry-After") == "3000")
    #expect(refused.header("X-Rate-Limit") == "3")
  }

  @Test func theQuotaRefillsAsTheHourPasses() throws {
    var account = try scenario("all-sorts")
    _ = account.limits.set(["requests_per_hour": 2])
    _ = account.call("GET", shop)
    account.uptime += 1_800
    _ = account.call("GET", shop)
    account.uptime += 1_800
    #expect(account.call("GET", shop).status == 200, "the first is an hour old")
    #expect(account.call("GET", shop).status == 429, "the second is not")
    account.passTime(seconds: 1_800)
    #expect(account.call("GET", shop).status == 200, "Fivetran's own clock counts as well")
  }

  @Test(arguments: [
    ("GET", columns, 429), ("POST", shop + "/schemas/reload", 429), ("POST", shop + "/test", 429),
    ("PATCH", shop, 429), ("GET", shop + "/schemas", 200), ("GET", shop, 200),
    ("GET", "/v1/connectors/brisk_otter/schemas/public/tables/orders/columns", 429),
  ])
  func whatAsksTheSourceHasItsOwnQuota(method: String, path: String, status: Int) throws {
    var account = try scenario("all-sorts")
    _ = account.limits.set(["source_per_minute": 1])
    #expect(account.call("GET", Self.columns).status == 200)
    let body = method == "GET" ? "" : #"{"paused": false}"#
    #expect(account.call(method, path, body).status == status)
    account.uptime += 60
    #expect(account.call(method, path, body).status == 200)
  }

  @Test func aPatchWithoutSetupTestsCostsNone() throws {
    var account = try scenario("all-sorts")
    _ = account.limits.set(["tests_per_hour": 0])
    #expect(account.call("PATCH", shop, #"{"paused": false, "run_setup_tests": false}"#).status == 200)
    #expect(account.call("PATCH", shop, #"{"paused": false}"#).status == 429)
  }
}
