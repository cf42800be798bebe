package import DriftCore

/// The same calls as are sent, shown.
extension FivetranClient: RequestPreview {
  package func request(for patch: SettingsPatch, on connection: ConnectionID) async throws -> OutgoingRequest? {
    try await call(for: patch, on: connection).map(OutgoingRequest.init)
  }

  package func request(forPausing isPaused: Bool, of connection: ConnectionID) -> OutgoingRequest {
    OutgoingRequest(call(forPausing: isPaused, of: connection))
  }

  package func request(forSyncOf connection: ConnectionID, resync tables: [SourceTable]) -> OutgoingRequest {
    OutgoingRequest(call(forSyncOf: connection, resync: tables))
  }
}

extension OutgoingRequest {
  fileprivate init(_ call: Call) { self.init(method: call.method, path: call.target, body: call.body ?? "") }
}
