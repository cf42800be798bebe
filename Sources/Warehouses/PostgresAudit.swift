package import DriftCore
import PostgreSQL

/// The end of the audit log, locked to the end of the transaction: whoever writes the ledger or the log comes after.
struct PostgresAuditEnd {
  var head: AuditHead
  /// The last one of each subject that was asked for.
  var gists: [String: String]
  var time: Timestamp
  /// The transaction that holds it, which no other one is ever called.
  var transaction: String
}

/// - Parameter commit: of this transaction.
func lockAuditEnd(
  for records: [AuditRecord], as commit: PostgresCommit, in session: PostgresSession
) throws -> PostgresAuditEnd {
  let subjects = records.map(\.subject)
  let found = try session.query(
    """
    SELECT sequence, hash, to_char(clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), txid_current()::text, \(gistsOf),
      \(commit.expression)
    FROM mooring.audit_head FOR UPDATE
    """, parameters: [arrayText(subjects)])
  guard let row = found.rows.first, row.count == 6, let sequence = row[0].flatMap({ Int($0) }), let hash = row[1],
    let time = row[2].flatMap({ Timestamp(iso8601: $0) }), let transaction = row[3],
    let gists = row[4].flatMap(arrayElements), gists.count == subjects.count
  else { throw PostgresError(.unreadable, "the end of mooring.audit is not in Mooring's form") }
  return PostgresAuditEnd(
    head: AuditHead(sequence: sequence, hash: hash), gists: said(gists, of: subjects), time: time,
    transaction: transaction)
}

/// Of those that the log does not say last of their subject already, without a lock.
func unsaid(_ records: [AuditRecord], in session: PostgresSession) throws -> [AuditRecord] {
  let subjects = records.map(\.subject)
  let found = try session.query("SELECT \(gistsOf)", parameters: [arrayText(subjects)])
  guard let gists = found.rows.first?[0].flatMap(arrayElements), gists.count == subjects.count else {
    throw PostgresError(.unreadable, "mooring.audit is not in Mooring's form")
  }
  let last = said(gists, of: subjects)
  return records.filter { last[$0.subject] != $0.gist }
}

/// The last gist of each subject in `$1`, NULL where there is none.
private let gistsOf = """
  ARRAY(SELECT (SELECT a.gist FROM mooring.audit a WHERE a.subject = s.subject ORDER BY a.sequence DESC LIMIT 1)
    FROM unnest($1::text[]) WITH ORDINALITY s(subject, place) ORDER BY s.place)
  """

private func said(_ gists: [String?], of subjects: [String]) -> [String: String] {
  var last: [String: String] = [:]
  for (subject, gist) in zip(subjects, gists) { last[subject] = gist }
  return last
}

/// Writes what the log has not said last of its subject already, and with it a line of the ledger: in one statement, since
/// the log's end is locked meanwhile.
///
/// Returns the log's last line; nil where all of it was said before.
func write(
  _ records: [AuditRecord], with entry: LedgerEntry? = nil, after end: PostgresAuditEnd, in session: PostgresSession
) throws -> AuditLine? {
  let lines = AuditLine.chained(records, after: end.head, gists: end.gists, at: end.time)
  var (sql, parameters) = entry.map(ledgerInsert) ?? ("", [])
  guard let last = lines.last else {
    if !sql.isEmpty { _ = try session.query(sql, parameters: parameters) }
    return nil
  }
  let entered = sql.isEmpty ? "" : "entered AS (\(sql)),"
  let at = { (place: Int) in "$\(parameters.count + place)" }
  sql = """
    WITH \(entered) moved AS (UPDATE mooring.audit_head SET sequence = \(at(1))::bigint, hash = \(at(2)))
    INSERT INTO mooring.audit (sequence, subject, gist, line)
    SELECT * FROM unnest(\(at(3))::bigint[], \(at(4))::text[], \(at(5))::text[], \(at(6))::text[])
    """
  parameters += [
    String(last.sequence), last.hash, arrayText(lines.map { String($0.sequence) }), arrayText(lines.map(\.subject)),
    arrayText(lines.map(\.gist)), arrayText(lines.map(\.text)),
  ]
  _ = try session.query(sql, parameters: parameters)
  return last
}

extension PostgresWarehouse: AuditLog {
  package func append(_ records: [AuditRecord]) async throws {
    try await repeated("writing the audit log") { connection in
      try await prepare(connection)
      let news = try await connection.session { try unsaid(records, in: $0) }
      if news.isEmpty { return }
      let line = try await connection.transaction { session in
        let end = try lockAuditEnd(for: news, as: PostgresCommit(of: news), in: session)
        return try write(news, after: end, in: session)
      }
      if let line { await said(line) }
    }
  }

  package func audit(each: @Sendable (String) throws -> Void) async throws {
    try await withConnection("reading the audit log") { connection in
      guard try await connection.session({ try existingTables(in: $0) }).contains(.audit) else { return }
      try await connection.stream("SELECT line FROM mooring.audit ORDER BY sequence") { row in
        if let line = row[0] { try each(line) }
      }
    }
  }
}
