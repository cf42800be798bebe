package import Transport

/// The account behind a door: one request at a time, with what it makes the loader do.
package actor Simulator {
  private var account: Account
  private let loader: Loader?
  private let credentials: Credentials?
  private let transport: (any HTTPTransport)?

  /// - Parameter transport: what webhooks are sent through; nil sends none.
  package init(
    _ account: Account, loader: Loader?, credentials: Credentials? = nil,
    transport: (any HTTPTransport)? = nil
  ) {
    self.transport = transport
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
    if let test = response.test, await !send(test) {
      account.webhooks.removeAll { $0.id == test.webhook }
      return failure(
        400, "InvalidInput", "Failed to call webhook endpoint: 'java.net.ConnectException: Connection refused'")
    }
    for id in response.syncs {
      do {
        try await sync(id)
      } catch {
        return failure(500, "LoaderFailed", "\(error)")
      }
    }
    return response
  }

  /// Whether the receiver took it.
  private func send(_ delivery: Delivery) async -> Bool {
    guard let transport else { return true }
    var headers = [HTTPHeader("Content-Type", "application/json")]
    if let signature = delivery.signature {
      headers.append(HTTPHeader("X-Fivetran-Signature-256", signature))
    }
    let request = HTTPRequest(
      method: "POST", url: delivery.url, headers: headers, body: delivery.body,
      timeout: .seconds(10))
    let status = try? await transport.send(request).status
    return status.map { (200..<300).contains($0) } ?? false
  }

  private func sync(_ id: String) async throws {
    guard let connection = account.connections.first(where: { $0.id == id }) else { return }
    account.beginSync(id)
    do {
      try await loader?.sync(connection)
      account.markSynced(id)
      for delivery in account.deliveries(of: id) { _ = await send(delivery) }
    } catch {
      account.markFailed(id)
      throw error
    }
  }
}
