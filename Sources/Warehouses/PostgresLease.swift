package import DriftCore
import PostgreSQL

/// Locks the lease's row to the end of the transaction and lets it last from now on; throws `LeaseLost` where somebody
/// else has taken it, or where a crash of the server took what was written under it.
///
/// The holder counts as well as the token: a taking that a crash took away leaves its token to the next.
///
/// - Parameter said: the last line of the audit log that was written since the lease was taken.
func keep(_ lease: Lease, after said: AuditLine?, in session: PostgresSession) throws {
  let kept = try session.query(
    """
    UPDATE mooring.lease SET expires = clock_timestamp() + $4::interval
    WHERE table_schema = $1 AND table_name = $2 AND token = $3::bigint AND holder = $5
      AND ($6::bigint IS NULL OR EXISTS (
        SELECT 1 FROM mooring.audit WHERE sequence = $6::bigint AND line = $7))
    RETURNING 1
    """,
    parameters: [
      lease.target.schema, lease.target.name, String(lease.token), duration, lease.holder,
      said.map { String($0.sequence) }, said?.text,
    ])
  if kept.rows.isEmpty { throw LeaseLost(lease.target) }
}

private let duration = "\(Lease.duration.components.seconds) seconds"

/// Nil where it is held, or somebody else makes its row at this moment. A row that is locked belongs to somebody whose
/// statement runs, however long it takes.
private func taken(
  _ target: TableName, as holder: String, over token: Int?, in session: PostgresSession
) throws -> Lease? {
  let taken = try session.query(
    """
    WITH taken AS (
      UPDATE mooring.lease SET token = token + 1, holder = $3, since = clock_timestamp(),
        expires = clock_timestamp() + $4::interval
      WHERE (table_schema, table_name) = (
        SELECT table_schema, table_name FROM mooring.lease
        WHERE table_schema = $1 AND table_name = $2 AND (expires <= clock_timestamp() OR token = $5::bigint)
        FOR UPDATE SKIP LOCKED)
      RETURNING token
    ), made AS (
      INSERT INTO mooring.lease (table_schema, table_name, token, holder, since, expires)
      SELECT $1, $2, 1, $3, clock_timestamp(), clock_timestamp() + $4::interval
      WHERE NOT EXISTS (SELECT 1 FROM mooring.lease WHERE table_schema = $1 AND table_name = $2)
      ON CONFLICT DO NOTHING
      RETURNING token
    )
    SELECT token, \(PostgresCommit.withNext.expression) FROM (TABLE taken UNION ALL TABLE made) AS lease
    """, parameters: [target.schema, target.name, holder, duration, token.map { String($0) }])
  return taken.rows.first?[0].flatMap { Int($0) }.map { Lease(target: target, holder: holder, token: $0) }
}

/// How often: it may be given back, or made, in between.
private let lookedAt = 5

/// Nil where it is not there, or free. One that has run out is held while its row is locked.
private func held(_ target: TableName, in session: PostgresSession) throws -> LeaseAnswer? {
  let found = try session.query(
    """
    SELECT holder, to_char(since, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), token,
      expires <= clock_timestamp() AND EXISTS (
        SELECT 1 FROM mooring.lease WHERE table_schema = $1 AND table_name = $2 FOR UPDATE SKIP LOCKED)
    FROM mooring.lease WHERE table_schema = $1 AND table_name = $2
    """, parameters: [target.schema, target.name])
  guard let row = found.rows.first else { return nil }
  guard let holder = row[0], let token = row[2].flatMap({ Int($0) }) else {
    throw PostgresError(.unreadable, "mooring.lease is not in Mooring's form")
  }
  if row[3] == "t" { return nil }
  return .held(by: holder, since: row[1].flatMap { Timestamp(iso8601: $0) }, token: token)
}

extension PostgresWarehouse: Leases {
  package func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    try await repeated("taking the lease of \(target)") { connection in
      try await prepare(connection)
      await taking()
      let answer: LeaseAnswer = try await connection.session { session in
        for _ in 0..<lookedAt {
          if let lease = try taken(target, as: holder, over: token, in: session) { return .taken(lease) }
          if let held = try held(target, in: session) { return held }
        }
        throw PostgresError(.lockTimeout, "the lease changes hands while it is looked at")
      }
      if case .taken(let lease) = answer { await took(lease) }
      return answer
    }
  }

  package func release(_ lease: Lease) async throws {
    gaveBack(lease)
    try await withConnection("giving back the lease of \(lease.target)") { connection in
      _ = try await connection.query(
        """
        UPDATE mooring.lease SET expires = clock_timestamp()
        WHERE table_schema = $1 AND table_name = $2 AND token = $3::bigint AND holder = $4
        RETURNING \(PostgresCommit.withNext.expression)
        """, parameters: [lease.target.schema, lease.target.name, String(lease.token), lease.holder])
    }
  }
}
