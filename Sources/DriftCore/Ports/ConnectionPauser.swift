/// What pauses connections: Fivetran, or what stands in for it.
package protocol ConnectionPauser: Sendable {
  /// Ends no sync but one that runs. Set twice it is set once.
  func setPaused(_ isPaused: Bool, on connection: ConnectionID) async throws
}
