import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct MetadataTests {
  private let root = "/v1/metadata/connectors/gentle_harbour"

  @Test func typesAreJoinedToTheirDestinationNames() async throws {
    let transport = ReplayTransport([
      get("\(root)/schemas?limit=1000", try fixture("metadata-schemas.json")),
      get("\(root)/tables?limit=1000", try fixture("metadata-tables.json")),
      get("\(root)/columns?limit=1000", try fixture("metadata-columns.json")),
    ])
    #expect(
      try await client(transport).landedTypes(of: connection) == [
        TableName(schema: "orders_db_public", name: "orders"): [
          "id": "BIGINT", "amount": "NUMERIC(18, 2)",
        ]
      ])
  }

  @Test(arguments: [403, 404, 405, 410])
  func anAccountWithoutTheEndpointHasNoTypes(status: Int) async throws {
    let transport = ReplayTransport([
      get("\(root)/schemas?limit=1000", status: status, #"{"code":"NotFound"}"#)
    ])
    #expect(try await client(transport).landedTypes(of: connection) == nil)
  }

  @Test func anErrorThatPassesIsNotAbsence() async throws {
    for status in [401, 429, 500] {
      let transport = ReplayTransport([get("\(root)/schemas?limit=1000", status: status, "")])
      _ = try await refusal { _ = try await client(transport).landedTypes(of: connection) }
    }
  }

  @Test func aListAboveItsCapGivesNoTypes() async throws {
    let items = (0..<1000).map { #"{"id":"\#($0)","name_in_destination":"s\#($0)"}"# }
      .joined(separator: ",")
    var exchanges: [ReplayTransport.Exchange] = []
    for page in 0..<10 {
      let cursor = page == 0 ? "" : "cursor=\(page)&"
      exchanges.append(
        get(
          "\(root)/schemas?\(cursor)limit=1000",
          #"{"code":"Success","data":{"items":[\#(items)],"next_cursor":"\#(page + 1)"}}"#))
    }
    let transport = ReplayTransport(exchanges)
    #expect(try await client(transport).landedTypes(of: connection) == nil)
    #expect(transport.requests.count == 10)
  }
}
