internal import CPostgres
import Glibc

/// One connection's blocking half, for the thread of its `PostgresConnection` only.
///
/// Every wait can be ended by cancelling the task: the server is asked to cancel the statement and its answer is read, so
/// the session stays usable.
package final class PostgresSession {
  private var handle: OpaquePointer?
  private let settings: PostgresSettings
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
      throw PostgresError(.connection, message)
    }
    // Notices would go to standard error.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    let start = settings.statement
    _ = try query(start.sql, parameters: start.parameters)
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

  private func run(
    _ sql: String, _ parameters: [String?] = [], isInterruptible: Bool = true,
    isStreamed: Bool = false, each: ([String?]) throws -> Void
  ) throws -> PostgresResult {
    guard let handle else { throw PostgresError(.connection, "the connection is closed") }
    wake.drain()
    if isInterruptible { try Task.checkCancellation() }
    if sql.utf8.contains(0) || parameters.contains(where: { $0?.utf8.contains(0) ?? false }) {
      throw PostgresError(.server, "text for SQL holds a NUL character")
    }
    guard send(sql, parameters, on: handle) else { throw lost(handle) }
    if isStreamed { PQsetSingleRowMode(handle) }

    var reading = Reading()
    // The server ends the statement by itself; this is for one that no longer does anything.
    let deadline = ContinuousClock.now + settings.statementTimeout + .seconds(30)
    while let answer = try next(on: handle, before: deadline, isInterruptible: isInterruptible) {
      defer { PQclear(answer) }
      switch PQresultStatus(answer) {
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        close()
        throw PostgresError(.unreadable, "the statement copies from or to the client")
      default:
        reading.take(answer, each: each)
        if reading.wantsCancel { cancel(handle) }
      }
    }
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
    return reading.result
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

/// What has been read of one statement's answer.
private struct Reading {
  /// Without its rows.
  var result = PostgresResult(commandTag: "")
  var failure: (any Error)?
  /// The reader of the rows has had enough, and the server has not been told yet.
  var wantsCancel = false

  mutating func take(_ answer: OpaquePointer, each: ([String?]) throws -> Void) {
    wantsCancel = false
    switch PQresultStatus(answer) {
    case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      do { try takeRows(of: answer, each: each) } catch {
        if failure == nil {
          failure = error
          wantsCancel = true
        }
      }
    default:
      if failure == nil { failure = problem(in: answer) }
    }
  }

  private mutating func takeRows(
    of answer: OpaquePointer, each: ([String?]) throws -> Void
  ) throws {
    if failure != nil { return }
    let width = PQnfields(answer)
    if result.columns.isEmpty {
      result.columns = (0..<width).map { String(cString: PQfname(answer, $0)) }
    }
    for row in 0..<PQntuples(answer) { try each(try values(of: row, width: width, in: answer)) }
    result.commandTag = String(cString: PQcmdStatus(answer))
    result.affectedRows = Int(String(cString: PQcmdTuples(answer)))
  }

  private func values(of row: Int32, width: Int32, in answer: OpaquePointer) throws -> [String?] {
    var values: [String?] = []
    values.reserveCapacity(Int(width))
    for column in 0..<width {
      guard PQgetisnull(answer, row, column) == 0, let start = PQgetvalue(answer, row, column)
      else {
        values.append(nil)
        continue
      }
      let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(answer, row, column)))
      // PostgreSQL itself checks what it sends; what else speaks its protocol may not.
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw PostgresError(.unreadable, "the server sent text that is not UTF-8")
      }
      values.append(text)
    }
    return values
  }

  private func problem(in answer: OpaquePointer) -> PostgresError {
    func field(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
    let state = field(cpostgres_sqlstate(answer))
    return PostgresError(
      state.map(PostgresError.kind(ofSQLState:)) ?? .connection,
      field(cpostgres_message(answer)) ?? trimmed(PQresultErrorMessage(answer)),
      sqlState: state, detail: field(cpostgres_detail(answer)), hint: field(cpostgres_hint(answer)))
  }
}

private func trimmed(_ text: UnsafePointer<CChar>?) -> String {
  guard let text else { return "" }
  return String(cString: text).split(separator: "\n").joined(separator: "; ")
}
