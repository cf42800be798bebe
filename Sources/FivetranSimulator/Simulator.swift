import PostgreSQL

/// The account behind a door: one request at a time, with what it makes the loader do.
package actor Simulator {
  private var account: Account
  private let loader: Loader?
  private let credentials: Credentials?

  package init(_ account: Account, loader: Loader?, credentials: Credentials? = nil) {
    self.account = account
    self.loader = loader
    self.credentials = credentials
  }

  /// Every connection's first sync.
  package func loadAll() async throws {
    for connection in account.connections { try await sync(connection.id) }
  }

  package func respond(to request: APIRequest) async -> APIResponse {
    // A sync that was asked for is done by the time that somebody looks again.
    if request.method == "GET" {
      for connection in account.connections where connection.isSyncAsked && !connection.isPaused {
        try? await sync(connection.id)
      }
    }
    let response = account.respond(to: request, credentials: credentials)
    for id in response.syncs {
      do {
        try await sync(id)
      } catch {
        return failure(500, "LoaderFailed", "\(error)")
      }
    }
    return response
  }

  private func sync(_ id: String) async throws {
    guard let connection = account.connections.first(where: { $0.id == id }) else { return }
    do {
      try await loader?.sync(connection)
      account.markSynced(id)
    } catch {
      account.markFailed(id)
      throw error
    }
  }
}
