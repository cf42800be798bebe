import DriftCore
import PostgreSQL

/// One table of schema `mooring`. Its comment says which form it has.
enum PostgresTable: String, CaseIterable {
  case ledger
  case audit
  case auditHead = "audit_head"
  case lease

  var form: String { "mooring \(rawValue) 1" }

  // Names are compared by their bytes, and an index in another collation would break when the system's collations change.
  var creation: [String] {
    switch self {
    case .ledger:
      [
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
      ]
    case .audit:
      [
        """
        CREATE TABLE mooring.audit (
          sequence bigint PRIMARY KEY,
          subject text COLLATE "C" NOT NULL,
          gist text COLLATE "C" NOT NULL,
          line text NOT NULL
        )
        """,
        "CREATE INDEX audit_subject ON mooring.audit (subject, sequence)",
        // Against accidents; whoever means it shows in the chain.
        "REVOKE UPDATE, DELETE, TRUNCATE ON mooring.audit FROM CURRENT_USER",
      ]
    case .auditHead:
      [
        """
        CREATE TABLE mooring.audit_head (
          is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
          sequence bigint NOT NULL,
          hash text NOT NULL
        )
        """,
        "INSERT INTO mooring.audit_head (sequence, hash) VALUES (0, '\(AuditHead.empty.hash)')",
      ]
    case .lease:
      [
        """
        CREATE TABLE mooring.lease (
          table_schema text COLLATE "C" NOT NULL,
          table_name text COLLATE "C" NOT NULL,
          token bigint NOT NULL,
          holder text NOT NULL,
          since timestamptz NOT NULL,
          expires timestamptz NOT NULL,
          PRIMARY KEY (table_schema, table_name)
        )
        """
      ]
    }
  }
}

/// Creates schema `mooring` and those of its tables that are missing, in a transaction of its own. Two that do it at once
/// wait for each other.
func createTables(in session: PostgresSession) throws {
  if try existingTables(in: session).count == PostgresTable.allCases.count { return }
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
    let existing = try existingTables(in: session)
    try needing("GRANT USAGE, CREATE ON SCHEMA mooring TO \(role)") {
      for table in PostgresTable.allCases where !existing.contains(table) {
        for statement in table.creation { _ = try session.query(statement) }
        _ = try session.query("COMMENT ON TABLE mooring.\(table.rawValue) IS '\(table.form)'")
      }
    }
  }
}

/// The tables that are there; throws where one is not in the form that this version knows.
func existingTables(in session: PostgresSession) throws -> Set<PostgresTable> {
  let found = try session.query(
    """
    SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'mooring' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    """)
  var existing: Set<PostgresTable> = []
  for row in found.rows {
    guard let table = row[0].flatMap(PostgresTable.init) else { continue }
    guard row[1] == table.form else {
      throw PostgresError(
        .unreadable, "mooring.\(table.rawValue) is not in the form \"\(table.form)\" but \"\(row[1] ?? "")\"",
        hint: "use the newer Mooring that wrote it; a table that is somebody else's must be renamed")
    }
    existing.insert(table)
  }
  return existing
}

/// Runs `body`; where a right is missing, the error says which grant gives it.
func needing<Value>(_ grant: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch var error as PostgresError where error.kind == .forbidden {
    error.hint = "have an administrator run: \(grant)"
    throw error
  }
}
