/// What would be asked of Fivetran, to the byte. Settings are read for it; nothing is sent that changes anything.
package protocol RequestPreview: Sendable {
  /// Nil where the setting is so already.
  func request(for patch: SettingsPatch, on connection: ConnectionID) async throws -> OutgoingRequest?
  func request(forPausing isPaused: Bool, of connection: ConnectionID) -> OutgoingRequest
  func request(forSyncOf connection: ConnectionID, resync tables: [SourceTable]) -> OutgoingRequest
}

/// A request without its address and credentials.
package struct OutgoingRequest: Hashable, Sendable, CustomStringConvertible {
  package var method: String
  /// With the query.
  package var path: String
  package var body: String

  package init(method: String, path: String, body: String) {
    self.method = method
    self.path = path
    self.body = body
  }

  package var description: String { "\(method) \(path)\n\(body)" }
}
