/// One connection to a PostgreSQL database, on a thread of its own.
///
/// Every statement goes through the extended protocol, which takes one statement at a time. Cancelling the task cancels
/// the statement and throws `CancellationError`. The session sees `pg_catalog` only: name every other schema.
package actor PostgresConnection {
  private let executor: ThreadExecutor
  private let address: PostgresAddress
  private let settings: PostgresSettings
  private var session: PostgresSession?

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Connects and sets the session up; throws kind `connection` where that does not work.
  package static func connect(
    to address: PostgresAddress, settings: PostgresSettings = PostgresSettings()
  ) async throws -> PostgresConnection {
    try Task.checkCancellation()
    let connection = try PostgresConnection(address: address, settings: settings)
    try await connection.open()
    return connection
  }

  private init(address: PostgresAddress, settings: PostgresSettings) throws(PostgresError) {
    executor = try ThreadExecutor()
    self.address = address
    self.settings = settings
  }

  deinit { executor.stop() }

  private func open() throws {
    session = try PostgresSession(address: address, settings: settings)
  }

  /// Whether it is open and idle, with nothing from the server waiting: while idle, that would be its farewell.
  package var isUsable: Bool { session?.isUsable ?? false }

  /// Runs one statement and returns all of its rows. Parameters are bound as `$1`, `$2`, ...; nil is NULL.
  package func query(
    _ sql: String, parameters: [String?] = []
  ) async throws -> PostgresResult {
    try await interruptible { try $0.query(sql, parameters: parameters) }
  }

  /// Runs one statement and hands over its rows one by one; if `each` throws, the statement is cancelled.
  package func stream(
    _ sql: String, parameters: [String?] = [], each: @Sendable ([String?]) throws -> Void
  ) async throws {
    try await interruptible { try $0.stream(sql, parameters: parameters, each: each) }
  }

  /// Sends one statement whose rows `page` returns; nothing else may be asked until they are all read.
  package func start(_ sql: String) async throws {
    try await interruptible { try $0.start(sql) }
  }

  /// The next rows of what was started, at most so many of them; none at the end.
  package func page(of size: Int) async throws -> [[String?]] {
    try await interruptible { try $0.page(of: size) }
  }

  /// Runs `body` on the connection's thread with nothing else between its statements.
  package func session<Value: Sendable>(
    _ body: @Sendable (PostgresSession) throws -> Value
  ) async throws -> Value {
    try await interruptible(body)
  }

  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  /// See `PostgresSession.transaction` for what it throws itself.
  package func transaction<Value: Sendable>(
    _ body: @Sendable (PostgresSession) throws -> Value
  ) async throws -> Value {
    try await interruptible { try $0.transaction(body) }
  }

  /// Gives up whatever statements have left of themselves in the session; a session that cannot is ended.
  package func forget() {
    do { try session?.forget() } catch { close() }
  }

  /// Ends the connection; what is asked of it afterwards throws kind `connection`.
  package func close() {
    session?.close()
  }

  private func interruptible<Value>(
    _ body: (PostgresSession) throws -> Value
  ) async throws -> Value {
    let wake = try opened().wake
    return try await withTaskCancellationHandler {
      // Through `self`: a closure that does not use it would run on the shared pool.
      try body(self.opened())
    } onCancel: {
      wake.signal()
    }
  }

  private func opened() throws -> PostgresSession {
    guard let session else { throw PostgresError(.connection, "the connection is closed") }
    return session
  }
}
