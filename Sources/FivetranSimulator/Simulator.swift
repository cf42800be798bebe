import DriftCore
import JSON
package import Transport

/// The account behind a door: one request at a time, with what it makes the loader do.
package actor Simulator {
  var account: Account
  private let loader: Loader?
  private let credentials: Credentials?
  private let transport: (any HTTPTransport)?
  private let uptime: @Sendable () -> Duration
  private var isBusy = false
  private var line: [CheckedContinuation<Void, Never>] = []

  /// - Parameters:
  ///   - transport: what webhooks are called through; nil calls none, and every call counts as taken.
  ///   - uptime: time since the start, by which quotas refill.
  package init(
    _ account: Account, loader: Loader? = nil, credentials: Credentials? = nil,
    transport: (any HTTPTransport)? = nil, uptime: @escaping @Sendable () -> Duration = { .zero }
  ) {
    self.account = account
    self.loader = loader
    self.credentials = credentials
    self.transport = transport
    self.uptime = uptime
  }

  /// The first sync of every connection that the scenario does not leave out.
  package func loadAll() async throws {
    for index in account.connections.indices where account.connections[index].traits.startsSynced {
      account.connections[index].look()
      let schemas = account.connections[index].config.schemas.map(\.landedName)
      if let landed = try await loader?.landed(in: Set(schemas).sorted()) {
        account.connections[index].config.adopt(landed)
      }
      // A connection that is paused now was not always.
      let isPaused = account.connections[index].isPaused
      account.connections[index].isPaused = false
      try await completeSync(account.connections[index].id)
      account.connections[index].isPaused = isPaused
    }
  }

  package func respond(to request: APIRequest) async -> APIResponse {
    await enter()
    account.uptime = uptime().components.seconds
    var answer = await answer(to: request)
    leave()
    // Receivers may call back: nobody waits for them with the door closed.
    if let trial = answer.trial {
      let (status, problem) = await send(trial.delivery)
      await enter()
      let fault = answer.fault
      answer = account.conclude(trial, status: status, problem: problem)
      answer.fault = fault
      leave()
    }
    for delivery in account.deliveries.take(at: account.now) {
      let (status, _) = await send(delivery)
      account.note(delivery, status: status)
    }
    return answer
  }

  private func answer(to request: APIRequest) async -> APIResponse {
    let parts = segments(of: request.path)
    if parts.first == "simulator" {
      do {
        switch (request.method, parts.dropFirst().first) {
        case ("POST", "advance"): return try await advance(request)
        case ("POST", "sync"): return try await syncNow(request)
        default: return account.control(request)
        }
      } catch {
        return failure(500, "LoaderFailed", "\(error)")
      }
    }
    switch account.admit(request, credentials) {
    case .refused(let answer): return answer
    case .admitted(let fault):
      // A destination that refuses shows as a failed sync, as it would with the real one.
      for id in account.syncsEnding(with: request) { _ = try? await completeSync(id) }
      return account.answer(request, fault: fault)
    }
  }

  // MARK: Controls that load

  private func advance(_ request: APIRequest) async throws -> APIResponse {
    let goal = request.object?["to"]?.int ?? account.stepsDone + 1
    var titles: [String] = []
    var synced: [String] = []
    while account.stepsDone < goal, let step = try account.advance() {
      titles.append(step.title)
      if step.isSynced, try await completeSync(step.connection), !synced.contains(step.connection) {
        synced.append(step.connection)
      }
    }
    if titles.isEmpty { return failure(409, "Conflict", "there is no further step") }
    return success([
      "step": JSONValue(account.stepsDone), "title": .string(titles.joined(separator: "; ")),
      "synced": .array(synced.map { .string($0) }),
    ])
  }

  private func syncNow(_ request: APIRequest) async throws -> APIResponse {
    let chosen = request.object?["connection"]?.string
    if let chosen, account.index(of: chosen) == nil { return invalid("connection should be the id of one") }
    var synced: [String] = []
    for id in account.connections.map(\.id) where chosen == nil || id == chosen {
      if try await completeSync(id) { synced.append(id) }
    }
    return success(["synced": .array(synced.map { .string($0) })])
  }

  /// Ends the running sync, or begins and ends one. Returns false for a paused connection, which is left alone.
  @discardableResult
  private func completeSync(_ id: String) async throws -> Bool {
    guard let index = account.index(of: id) else { return false }
    account.beginSync(at: index)
    guard account.connections[index].sync != nil else { return false }
    do {
      let load = try account.load(at: index)
      if let load { try await loader?.run(load.statements) }
      account.endSync(at: index, with: load)
      return true
    } catch {
      account.failSync(at: index, reason: "\(error)")
      throw error
    }
  }

  // MARK: Webhooks

  /// The status of the receiver's answer, and words; 0 where there is none.
  private func send(_ delivery: Delivery) async -> (status: Int, problem: String) {
    guard let transport else { return (200, "") }
    var headers = [HTTPHeader("Content-Type", "application/json")]
    if let signature = delivery.signature {
      headers.append(HTTPHeader("X-Fivetran-Signature-256", signature))
    }
    do {
      let status = try await transport.send(
        HTTPRequest(
          method: "POST", url: delivery.url, headers: headers, body: delivery.body,
          timeout: .seconds(10))
      ).status
      return (status, "unexpected status \(status)")
    } catch {
      return (0, "\(error)")
    }
  }

  // MARK: One at a time

  private func enter() async {
    if !isBusy {
      isBusy = true
      return
    }
    await withCheckedContinuation { line.append($0) }
  }

  private func leave() {
    if line.isEmpty {
      isBusy = false
    } else {
      line.removeFirst().resume()
    }
  }
}

extension SchemaConfig {
  /// Takes over what is in the destination already, from an earlier run on the same scenario.
  fileprivate mutating func adopt(_ landed: [TableName: LandedTable]) {
    for schema in schemas.indices {
      for table in schemas[schema].tables.indices {
        let name = TableName(
          schema: schemas[schema].landedName, name: schemas[schema].tables[table].landedName)
        schemas[schema].tables[table].landed = landed[name]
      }
    }
  }
}
