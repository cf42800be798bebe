import DriftCore
import Fivetran
import Testing
import Transport

@Suite struct PauseTests {
  private let path = "/v1/connections/\(connection)"

  private func answer(_ isPaused: Bool) -> String {
    #"{"code":"Success","message":"Connection has been updated","data":{"id":"\#(connection)","paused":\#(isPaused)}}"#
  }

  @Test(arguments: [true, false])
  func aConnectionIsPausedAndResumedWithoutSetupTests(isPaused: Bool) async throws {
    let transport = ReplayTransport([exchange("PATCH", path, answer(isPaused))])
    let client = client(transport)
    try await client.setPaused(isPaused, on: connection)
    let body = #"{"paused":\#(isPaused),"run_setup_tests":false}"#
    #expect(transport.requests.map(\.bodyText) == [body])
    #expect(client.request(forPausing: isPaused, of: connection).description == "PATCH \(path)\n\(body)")
    #expect(transport.requests[0].isRepeatable, "twice is once")
  }

  @Test func anAnswerThatSaysOtherwiseIsAnError() async throws {
    let transport = ReplayTransport([exchange("PATCH", path, answer(false)), exchange("PATCH", path, "{}")])
    let client = client(transport)
    for _ in 0..<2 {
      await #expect(throws: FivetranError.self) { try await client.setPaused(true, on: connection) }
    }
  }
}
