package import DriftCore
import JSON
import Transport

extension FivetranClient: ConnectionPauser {
  /// Sets `paused`, and holds the answer against it.
  ///
  /// Where a sync runs Fivetran ends it first, for up to a minute, and may answer 500 although it worked: whoever asks looks
  /// at the connection again.
  ///
  /// Source: Fivetran documentation, "Code 500 Error When Pausing a Connection", read in November 2026.
  package func setPaused(_ isPaused: Bool, on connection: ConnectionID) async throws {
    let call = call(forPausing: isPaused, of: connection)
    let body = try await answer(to: call).body
    let found = try reading(call) { () throws(UnreadableBody) in
      try envelope(body).required("data").object().required("paused").bool()
    }
    if found != isPaused { throw failure(.settingNotTaken(setting: "paused: \(isPaused)"), call) }
  }

  func call(forPausing isPaused: Bool, of connection: ConnectionID) -> Call {
    // Setup tests are for settings of the source, and cost calls.
    let body: JSONValue = ["paused": .bool(isPaused), "run_setup_tests": false]
    return Call(
      method: "PATCH", segments: ["connections", connection.text], version: .two, body: body.text,
      timeout: Self.sourceTimeout)
  }
}
