internal import CPostgres

/// What has been read of one statement's answer.
struct Reading {
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

func trimmed(_ text: UnsafePointer<CChar>?) -> String {
  guard let text else { return "" }
  return String(cString: text).split(separator: "\n").joined(separator: "; ")
}
