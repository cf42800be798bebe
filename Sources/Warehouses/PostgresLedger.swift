import DriftCore
import PostgreSQL

/// Whether the ledger has the step as done, and the transaction that is open, which no other one is ever called.
func state(of step: StepID, in session: PostgresSession) throws -> (isDone: Bool, transaction: String?) {
  let found = try session.query(
    """
    SELECT EXISTS (SELECT 1 FROM mooring.ledger WHERE destination = $1 AND connection = $2 AND table_schema = $3
      AND table_name = $4 AND change = $5::integer AND step = $6::integer AND part = $7::integer
      AND state = 'done'), txid_current()::text
    """, parameters: key(of: step))
  return (found.rows.first?[0] == "t", found.rows.first?[1])
}

/// Under the lock of the audit log's end. Adds the line, unless the same one is there, from whichever commit, or the step is done already.
func ledgerInsert(_ entry: LedgerEntry) -> (sql: String, parameters: [String?]) {
  let sql = """
    INSERT INTO mooring.ledger (destination, connection, table_schema, table_name, change, step,
      part, state, kind, digest, commit_id, detail)
    SELECT $1, $2, $3, $4, $5::integer, $6::integer, $7::integer, $8, $9, $10, $11, $12
    WHERE NOT EXISTS (SELECT 1 FROM mooring.ledger WHERE destination = $1 AND connection = $2
      AND table_schema = $3 AND table_name = $4 AND change = $5::integer AND step = $6::integer
      AND part = $7::integer AND state = $8
      AND ($8 = 'done' OR (kind = $9 AND digest = $10 AND detail = $12)))
    """
  return (
    sql, key(of: entry.step) + [entry.state.rawValue, entry.kind, entry.digest, entry.commit, entry.detail]
  )
}

private func key(of step: StepID) -> [String?] {
  [
    step.destination.text, step.connection.text, step.table.schema, step.table.name,
    String(step.change), String(step.step), String(step.part),
  ]
}

/// A line with its number. Numbers are given under the lock of the audit log's end, so they grow in the order of commits.
struct LedgerLine: Hashable {
  var line: Int64
  var entry: LedgerEntry
}

/// How far the ledger has been read.
struct LedgerEnd: Hashable {
  var last: LedgerLine
  /// Lines up to there.
  var count: Int

  /// Nil where there is no line.
  init?(of lines: [LedgerLine]) {
    guard let last = lines.last else { return nil }
    self.last = last
    count = lines.count
  }

  /// - Parameter lines: from the end before on, which is the first of them.
  init(of lines: [LedgerLine], after end: LedgerEnd) {
    last = lines.last ?? end.last
    count = end.count + max(0, lines.count - 1)
  }

  func isEnd(of known: [LedgerEntry]) -> Bool { known.count == count && known.last == last.entry }
}

/// Every line, or those from the numbered one on, oldest first. A crash may take the last lines away and others come in
/// their place, so whoever goes on from a line asks for that line too, and whether it is still the same.
func readLedger(from line: Int64 = 0, in session: PostgresSession) throws -> [LedgerLine] {
  let result = try needing(
    "GRANT USAGE ON SCHEMA mooring TO the role; GRANT SELECT, INSERT ON mooring.ledger TO the role"
  ) {
    try session.query(
      """
      SELECT destination, connection, table_schema, table_name, change, step, part, state, kind,
        digest, commit_id, detail, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), line
      FROM mooring.ledger WHERE line >= $1::bigint ORDER BY line
      """, parameters: [String(line)])
  }
  return try result.rows.map { row in
    let values = row.map { $0 ?? "" }
    guard values.count == 14, let line = Int64(values[13]), let change = Int(values[4]), let step = Int(values[5]),
      let part = Int(values[6]), let state = LedgerEntry.State(rawValue: values[7])
    else {
      throw PostgresError(
        .unreadable, "a line of mooring.ledger is not in Mooring's form",
        hint: "was it written by a newer version, or by hand?")
    }
    let id = StepID(
      destination: DestinationName(values[0]), connection: ConnectionName(values[1]),
      table: TableName(schema: values[2], name: values[3]), change: change, step: step, part: part)
    return LedgerLine(
      line: line,
      entry: LedgerEntry(
        step: id, state: state, kind: values[8], digest: values[9], commit: values[10], detail: values[11],
        at: Timestamp(iso8601: values[12])))
  }
}
