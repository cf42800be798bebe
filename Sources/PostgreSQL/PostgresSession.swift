internal import CPostgres
import Glibc

/// One connection's blocking half, for the thread of its `PostgresConnection` only.
///
/// Every wait can be ended by cancelling the task: the server is asked to cancel the statement and its answer is read, so
/// the session stays usable.
package final class PostgresSession {
  private var handle: OpaquePointer?
  private let settings: PostgresSettings
  /// What has been read of a statement that comes in pages.
  private var paged: Reading?
  let wake: Wake

  init(address: PostgresAddress, settings: PostgresSettings) throws {
    self.settings = settings
    wake = try Wake()
    let text = try connectionText(address, settings)
    guard let handle = PQconnectdb(text) else {
      throw PostgresError(.connection, "no memory is left for a connection")
    }
    self.handle = handle
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = trimmed(PQerrorMessage(handle))
      close()
      throw PostgresError(PostgresError.kind(ofConnectionFailure: message), message)
    }
    // Notices would go to standard error.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    try setUp()
  }

  private func setUp() throws {
    for start in settings.statements { _ = try query(start.sql, parameters: start.parameters) }
  }

  /// Gives up settings, roles, locks, listening, temporary tables and prepared statements that were left in the session.
  func forget() throws {
    _ = try query("DISCARD ALL")
    // The role that the user was given with ALTER ROLE, whatever became of it.
    _ = try query("RESET ROLE")
    try setUp()
  }

  deinit { close() }

  func close() {
    if let handle { PQfinish(handle) }
    handle = nil
  }

  /// Whether a transaction is open and healthy.
  package var isInTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }

  var isUsable: Bool {
    guard let handle, PQtransactionStatus(handle) == PQTRANS_IDLE else { return false }
    var wait = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) == 0
  }

  /// Runs one statement and returns all of its rows.
  package func query(_ sql: String, parameters: [String?] = []) throws -> PostgresResult {
    var rows: [[String?]] = []
    var result = try run(sql, parameters) { rows.append($0) }
    result.rows = rows
    return result
  }

  /// Runs one statement and hands over its rows one by one; if `each` throws, the statement is cancelled.
  package func stream(
    _ sql: String, parameters: [String?] = [], each: ([String?]) throws -> Void
  ) throws {
    _ = try run(sql, parameters, isStreamed: true, each: each)
  }

  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  ///
  /// Throws kind `commitUnknown` if the connection is lost while it is being committed, and `transactionEnded` if a
  /// statement ended the transaction. Cancelling the task does not interrupt a commit.
  package func transaction<Value>(_ body: (PostgresSession) throws -> Value) throws -> Value {
    // The isolation is named because a role or a database may have another default.
    _ = try query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    let value: Value
    do {
      value = try body(self)
      guard isInTransaction else {
        throw PostgresError(.transactionEnded, "a statement ended the transaction that it ran in")
      }
    } catch {
      rollback()
      throw error
    }
    do {
      _ = try run("COMMIT", isInterruptible: false) { _ in }
    } catch let error as PostgresError where error.kind == .connection {
      throw PostgresError(
        .commitUnknown, "the connection was lost while the transaction was being committed",
        sqlState: error.sqlState, detail: error.message)
    }
    return value
  }

  private func rollback() {
    guard handle != nil, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
    do { _ = try run("ROLLBACK", isInterruptible: false) { _ in } } catch { close() }
  }

  /// Sends a statement whose rows `page` returns.
  package func start(_ sql: String) throws {
    _ = try begin(sql, [], isInterruptible: true, isStreamed: true)
    paged = Reading()
  }

  /// The next rows of what was started, at most so many of them; none at the end.
  package func page(of size: Int) throws -> [[String?]] {
    guard let handle, var reading = paged else { return [] }
    paged = nil
    wake.drain()
    var rows: [[String?]] = []
    let deadline = deadline
    while rows.count < size {
      guard try read(into: &reading, on: handle, before: deadline, isInterruptible: true, each: { rows.append($0) })
      else {
        try check(reading, on: handle, isInterruptible: true)
        return rows
      }
    }
    paged = reading
    return rows
  }

  private func run(
    _ sql: String, _ parameters: [String?] = [], isInterruptible: Bool = true,
    isStreamed: Bool = false, each: ([String?]) throws -> Void
  ) throws -> PostgresResult {
    let handle = try begin(sql, parameters, isInterruptible: isInterruptible, isStreamed: isStreamed)
    var reading = Reading()
    let deadline = deadline
    while try read(into: &reading, on: handle, before: deadline, isInterruptible: isInterruptible, each: each) {}
    try check(reading, on: handle, isInterruptible: isInterruptible)
    return reading.result
  }

  /// The server ends a statement by itself; this is for one that no longer does anything.
  private var deadline: ContinuousClock.Instant { .now + settings.statementTimeout + .seconds(30) }

  private func begin(
    _ sql: String, _ parameters: [String?], isInterruptible: Bool, isStreamed: Bool
  ) throws -> OpaquePointer {
    guard let handle else { throw PostgresError(.connection, "the connection is closed") }
    wake.drain()
    if isInterruptible { try Task.checkCancellation() }
    if sql.utf8.contains(0) || parameters.contains(where: { $0?.utf8.contains(0) ?? false }) {
      throw PostgresError(.server, "text for SQL holds a NUL character")
    }
    guard send(sql, parameters, on: handle) else { throw lost(handle) }
    if isStreamed { PQsetSingleRowMode(handle) }
    return handle
  }

  /// Takes the next of what the server answers; false where there is no more.
  private func read(
    into reading: inout Reading, on handle: OpaquePointer, before deadline: ContinuousClock.Instant,
    isInterruptible: Bool, each: ([String?]) throws -> Void
  ) throws -> Bool {
    guard let answer = try next(on: handle, before: deadline, isInterruptible: isInterruptible) else { return false }
    defer { PQclear(answer) }
    switch PQresultStatus(answer) {
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      close()
      throw PostgresError(.unreadable, "the statement copies from or to the client")
    default:
      reading.take(answer, each: each)
      if reading.wantsCancel { cancel(handle) }
    }
    return true
  }

  /// Throws what went wrong with a statement whose answer is at its end.
  private func check(_ reading: Reading, on handle: OpaquePointer, isInterruptible: Bool) throws {
    if PQstatus(handle) != CONNECTION_OK {
      let reason = reading.failure as? PostgresError
      close()
      throw PostgresError(
        .connection, reason?.message ?? "the server closed the connection",
        sqlState: reason?.sqlState)
    }
    if let failure = reading.failure {
      if isInterruptible, Task.isCancelled, (failure as? PostgresError)?.kind == .cancelled {
        throw CancellationError()
      }
      throw failure
    }
  }

  private func send(_ sql: String, _ parameters: [String?], on handle: OpaquePointer) -> Bool {
    let copies = parameters.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    let values = copies.map { UnsafePointer<CChar>($0) }
    return values.withUnsafeBufferPointer { values in
      PQsendQueryParams(
        handle, sql, Int32(values.count), nil, values.baseAddress, nil, nil, 0) == 1
    }
  }

  /// Waits for the next result; nil when the statement has no more.
  private func next(
    on handle: OpaquePointer, before deadline: ContinuousClock.Instant, isInterruptible: Bool
  ) throws -> OpaquePointer? {
    while PQisBusy(handle) == 1 {
      let left = ContinuousClock.now.duration(to: deadline).components.seconds
      guard left > 0 else {
        close()
        throw PostgresError(.connection, "the server has not answered in time")
      }
      var waits = [
        pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
        pollfd(fd: isInterruptible ? wake.descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, 2, Int32(clamping: left * 1000)) >= 0 || errno == EINTR else {
        throw lost(handle)
      }
      if waits[1].revents != 0 {
        wake.drain()
        if Task.isCancelled { cancel(handle) }
      }
      if waits[0].revents != 0, PQconsumeInput(handle) == 0 { return PQgetResult(handle) }
    }
    return PQgetResult(handle)
  }

  private func cancel(_ handle: OpaquePointer) {
    guard let request = PQgetCancel(handle) else { return }
    defer { PQfreeCancel(request) }
    var problem = [CChar](repeating: 0, count: 256)
    PQcancel(request, &problem, Int32(problem.count))
  }

  private func lost(_ handle: OpaquePointer) -> PostgresError {
    let message = trimmed(PQerrorMessage(handle))
    close()
    return PostgresError(.connection, message.isEmpty ? "the connection was lost" : message)
  }
}
