import DriftCore
import Fivetran
import JSON
import Testing

struct HookTests {
  private static let secret = "test-secret-32-bytes-of-randomness"
  private static let signature = "547007e80cb87b8cb8c58d88be4e0dacc306adca5746b781890989c181c8a618"
  /// Signed by OpenSSL, not by us; the form is that of a call seen from a real account.
  private static let body = """
    {"event":"sync_end","created":"2026-05-22T00:06:08.638Z","connector_type":"google_cloud_postgresql",\
    "connector_id":"assimilate_seem","connector_name":"ftar_pg","sync_id":"b4703f73-6315-4e22-8d7a-3bfb18b2fed2",\
    "destination_group_id":"inappropriate_implode","data":{"status":"SUCCESSFUL"}}
    """

  @Test(arguments: [signature, signature.uppercased()])
  func aSyncThatEndedIsWorthALookInEitherSpelling(signature: String) {
    var memory = DeliveryMemory()
    #expect(answer(Self.body, signature: signature, memory: &memory) == .hints([.connection("assimilate_seem")]))
    #expect(
      answer(Self.body, signature: signature, memory: &memory) == .ignored("fivetran: it was delivered before"))
  }

  @Test func aDayOfRetriesIsTakenAndAReplayAfterThatIsNot() {
    var memory = DeliveryMemory()
    #expect(
      answer(Self.body, at: "2026-05-25T00:00:00Z", memory: &memory) == .ignored("fivetran: it happened long ago"))
    #expect(
      answer(Self.body, at: "2026-05-23T00:00:00Z", memory: &memory) == .hints([.connection("assimilate_seem")]))
  }

  @Test(arguments: ["sha256=" + signature, "", String(signature.dropLast(2)), "0" + signature.dropFirst()])
  func anotherSignatureIsRefused(signature: String) {
    var memory = DeliveryMemory()
    guard case .refused(401, _) = answer(Self.body, signature: signature, memory: &memory) else {
      Issue.record("\(signature)")
      return
    }
  }

  /// The reading alone: what is signed is shown above.
  @Test(arguments: [
    (#"{"event":"sync_end","connector_id":"a","data":{"status":"FAILURE"}}"#, nil),
    (#"{"event":"sync_end","connector_id":"a"}"#, nil), (#"{"event":"sync_start","connector_id":"a"}"#, nil),
    (#"{"event":"sync_end","connection_id":"a","data":{"status":"SUCCESSFUL"}}"#, "a"),
    (#"{"event":"edit_connector","connector_id":"a"}"#, "a"), (#"{"event":"edit_connector"}"#, nil),
    (#"{"event":"edit_connector","connector_id":7}"#, nil), (#"{"event":"no_such_event","connector_id":"a"}"#, nil),
  ])
  func onlyWhatMayHaveChangedSomethingIsWorthALook(body: String, connection: String?) throws {
    let reading = Hook.fivetran.read(HookRequest(path: "", headers: [], body: []), try .parse(body))
    #expect(reading?.hints == connection.map { [.connection(ConnectionID($0))] })
  }

  private func answer(
    _ body: String, signature: String = signature, at now: String = "2026-05-22T00:07:00Z", memory: inout DeliveryMemory
  ) -> HookAnswer {
    hints(
      from: HookRequest(
        path: "/hooks/fivetran",
        headers: [.init("x-fivetran-signature-256", signature), .init("content-type", "application/json")],
        body: Array(body.utf8)),
      hooks: [.fivetran], secrets: ["fivetran": [Secret(Self.secret)]],
      watched: Watched(connections: ["assimilate_seem"], repository: "", branch: "main"),
      now: Timestamp(iso8601: now) ?? Timestamp(microseconds: 0), memory: &memory)
  }
}
