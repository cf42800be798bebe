/// Connections to one database, made when they are needed; one idle one is kept.
package actor PostgresConnections {
  private let address: @Sendable () throws -> PostgresAddress
  private let settings: PostgresSettings
  private var idle: PostgresConnection?

  /// - Parameter address: asked for before each connection.
  package init(settings: PostgresSettings, address: @escaping @Sendable () throws -> PostgresAddress) {
    self.address = address
    self.settings = settings
  }

  /// The idle connection, if it still is one, or a new one. Whoever takes it has it alone; after an error it is not
  /// given back.
  package func take() async throws -> PostgresConnection {
    if let taken = idle {
      idle = nil
      if await taken.isUsable { return taken }
    }
    return try await PostgresConnection.connect(to: try address(), settings: settings)
  }

  package func giveBack(_ connection: PostgresConnection) { idle = connection }
}
