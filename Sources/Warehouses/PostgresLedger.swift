import DriftCore
import PostgreSQL

/// Creates schema `mooring` and its ledger where they are missing, in a transaction of its own. Two that do it at once
/// wait for each other.
func createLedger(in session: PostgresSession) throws {
  if try ledgerExists(in: session) { return }
  let names = try session.query("SELECT quote_ident(current_database()), quote_ident(current_user)")
  let (database, role) = (names.rows.first?[0] ?? "", names.rows.first?[1] ?? "")
  try session.transaction { session in
    _ = try session.query("SELECT pg_advisory_xact_lock(hashtextextended('mooring.ledger', 0))")
    let schema = try session.query("SELECT 1 FROM pg_namespace WHERE nspname = 'mooring'")
    if schema.rows.isEmpty {
      try needing("GRANT CREATE ON DATABASE \(database) TO \(role)") {
        _ = try session.query("CREATE SCHEMA mooring")
      }
    }
    if try ledgerExists(in: session) { return }
    try needing("GRANT USAGE, CREATE ON SCHEMA mooring TO \(role)") {
      for statement in ledgerCreation { _ = try session.query(statement) }
    }
  }
}

/// Whether the ledger is there, in a form that this version knows: the table's comment says which.
private func ledgerExists(in session: PostgresSession) throws -> Bool {
  let found = try session.query(
    """
    SELECT coalesce(obj_description(c.oid, 'pg_class'), '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'mooring' AND c.relname = 'ledger'
    """)
  guard let comment = found.rows.first?.first else { return false }
  guard comment == ledgerForm else {
    throw PostgresError(
      .unreadable, "mooring.ledger is not in the form \"\(ledgerForm)\" but \"\(comment ?? "")\"",
      hint: "use the newer Mooring that wrote it; a table that is somebody else's must be renamed")
  }
  return true
}

/// Runs `body`; where a right is missing, the error says which grant gives it.
private func needing<Value>(_ grant: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch var error as PostgresError where error.kind == .forbidden {
    error.hint = "have an administrator run: \(grant)"
    throw error
  }
}

private let ledgerForm = "mooring ledger 1"

// Names are compared by their bytes, and an index in another collation would break when the system's collations change.
private let ledgerCreation = [
  """
  CREATE TABLE mooring.ledger (
    line bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    destination text COLLATE "C" NOT NULL,
    connection text COLLATE "C" NOT NULL,
    table_schema text COLLATE "C" NOT NULL,
    table_name text COLLATE "C" NOT NULL,
    change integer NOT NULL,
    step integer NOT NULL,
    part integer NOT NULL,
    state text NOT NULL CHECK (state IN ('intended', 'done', 'failed', 'adopted', 'stale')),
    kind text NOT NULL,
    digest text NOT NULL,
    commit_id text NOT NULL,
    detail text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  )
  """,
  """
  CREATE UNIQUE INDEX ledger_done ON mooring.ledger
    (destination, connection, table_schema, table_name, change, step, part) WHERE state = 'done'
  """,
  "COMMENT ON TABLE mooring.ledger IS '\(ledgerForm)'",
]

/// Held to the end of the transaction: changes of one table run one after another, whoever runs them.
func lockChanges(of step: StepID, in session: PostgresSession) throws {
  let key = [
    step.destination.text, step.connection.text, step.table.schema, step.table.name,
  ].map { "\($0.utf8.count):\($0)" }.joined()
  _ = try session.query(
    "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", parameters: [key])
}

func isDone(_ step: StepID, in session: PostgresSession) throws -> Bool {
  let found = try session.query(
    """
    SELECT 1 FROM mooring.ledger WHERE destination = $1 AND connection = $2 AND table_schema = $3
      AND table_name = $4 AND change = $5::integer AND step = $6::integer AND part = $7::integer
      AND state = 'done'
    """, parameters: key(of: step))
  return !found.rows.isEmpty
}

/// Adds the line, unless the same one is there, from whichever commit, or the step is done already.
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
  guard try ledgerExists(in: session) else { return [] }
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
