import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct DestinationListTests {
  @Test func kindsAndSettingsAreReadAndSecretsAreNot() async throws {
    let transport = ReplayTransport([
      get(
        "/v1/destinations?limit=1000",
        #"""
        {"code":"Success","data":{"items":[
        {"id":"a","group_id":"b","service":"snowflake","config":{"host":"h","port":443,"password":"******"}},
        {"id":"c","service":"mysql_warehouse"}]}}
        """#)
    ])
    let found = try await client(transport).destinations()
    #expect(
      found == [
        DestinationStatus(groupID: "b", service: "snowflake", settings: ["host": "h"]),
        DestinationStatus(groupID: "c", service: "mysql_warehouse"),
      ])
    #expect(found?.map(\.kind?.name) == ["snowflake", nil])
  }

  @Test(arguments: [403, 404])
  func aKeyThatMayNotListThemLearnsNothing(status: Int) async throws {
    let transport = ReplayTransport([get("/v1/destinations?limit=1000", status: status, #"{"code":"Forbidden"}"#)])
    #expect(try await client(transport).destinations() == nil)
  }
}
