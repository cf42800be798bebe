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
func insert(_ entry: LedgerEntry, in session: PostgresSession) throws {
  _ = try session.query(
    """
    INSERT INTO mooring.ledger (destination, connection, table_schema, table_name, change, step,
      part, state, kind, digest, commit_id, detail)
    SELECT $1, $2, $3, $4, $5::integer, $6::integer, $7::integer, $8, $9, $10, $11, $12
    WHERE NOT EXISTS (SELECT 1 FROM mooring.ledger WHERE destination = $1 AND connection = $2
      AND table_schema = $3 AND table_name = $4 AND change = $5::integer AND step = $6::integer
      AND part = $7::integer AND state = $8
      AND ($8 = 'done' OR (kind = $9 AND digest = $10 AND detail = $12)))
    """,
    parameters: key(of: entry.step)
      + [entry.state.rawValue, entry.kind, entry.digest, entry.commit, entry.detail])
}

private func key(of step: StepID) -> [String?] {
  [
    step.destination.text, step.connection.text, step.table.schema, step.table.name,
    String(step.change), String(step.step), String(step.part),
  ]
}

/// Every line, oldest first; none where there is no ledger.
func readLedger(in session: PostgresSession) throws -> [LedgerEntry] {
  guard try existingTables(in: session).contains(.ledger) else { return [] }
  let result = try needing(
    "GRANT USAGE ON SCHEMA mooring TO the role; GRANT SELECT, INSERT ON mooring.ledger TO the role"
  ) {
    try session.query(
      """
      SELECT destination, connection, table_schema, table_name, change, step, part, state, kind,
        digest, commit_id, detail, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      FROM mooring.ledger ORDER BY line
      """)
  }
  return try result.rows.map { row in
    let values = row.map { $0 ?? "" }
    guard values.count == 13, let change = Int(values[4]), let step = Int(values[5]),
      let part = Int(values[6]), let state = LedgerEntry.State(rawValue: values[7])
    else {
      throw PostgresError(
        .unreadable, "a line of mooring.ledger is not in Mooring's form",
        hint: "was it written by a newer version, or by hand?")
    }
    return LedgerEntry(
      step: StepID(
        destination: DestinationName(values[0]), connection: ConnectionName(values[1]),
        table: TableName(schema: values[2], name: values[3]), change: change, step: step,
        part: part),
      state: state, kind: values[8], digest: values[9], commit: values[10], detail: values[11],
      at: Timestamp(iso8601: values[12]))
  }
}
