/// What a session is given when it starts, whatever the server, the database or the role prefer.
package struct PostgresSettings: Hashable, Sendable {
  package enum Server: Hashable, Sendable {
    case postgres
    /// Of PostgreSQL 8.0, which has less to set: there is no `lock_timeout`.
    case redshift
  }

  package var server: Server
  /// As `pg_stat_activity` shows it.
  package var applicationName: String
  /// How long a statement may wait for a lock. A waiting ALTER TABLE holds up every later reader, so this is short.
  package var lockTimeout: Duration
  package var statementTimeout: Duration
  /// How long a transaction may stay open with nothing running.
  package var idleInTransactionTimeout: Duration
  /// Whole seconds, at least 2.
  package var connectTimeout: Duration

  package init(
    server: Server = .postgres, applicationName: String = "mooring", lockTimeout: Duration = .seconds(5),
    statementTimeout: Duration = .seconds(600), idleInTransactionTimeout: Duration = .seconds(60),
    connectTimeout: Duration = .seconds(10)
  ) {
    self.server = server
    self.applicationName = applicationName
    self.lockTimeout = lockTimeout
    self.statementTimeout = statementTimeout
    self.idleInTransactionTimeout = idleInTransactionTimeout
    self.connectTimeout = connectTimeout
  }

  /// Statements that set everything, with their parameters.
  ///
  /// Set after the start and not through `options`, because libpq sends PGTZ and its like from the environment beside them
  /// and they would win; poolers refuse `options`, too.
  var statements: [(sql: String, parameters: [String?])] {
    switch server {
    case .postgres: [everything]
    case .redshift:
      ["TimeZone TO 'UTC'", "DateStyle TO 'ISO, MDY'", "statement_timeout TO \(milliseconds(statementTimeout))"].map {
        ("SET \($0)", [])
      }
    }
  }

  private var everything: (sql: String, parameters: [String?]) {
    let values = [
      ("application_name", applicationName),
      ("client_encoding", "UTF8"),
      ("standard_conforming_strings", "on"),
      ("TimeZone", "UTC"),
      ("DateStyle", "ISO, MDY"),
      ("IntervalStyle", "iso_8601"),
      ("bytea_output", "hex"),
      ("extra_float_digits", "1"),
      ("lock_timeout", milliseconds(lockTimeout)),
      ("statement_timeout", milliseconds(statementTimeout)),
      ("idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout)),
      ("search_path", "pg_catalog"),
    ]
    let calls = values.indices.map {
      "pg_catalog.set_config($\(2 * $0 + 1), $\(2 * $0 + 2), false)"
    }
    return (
      "SELECT " + (calls + [durableCommits]).joined(separator: ", "), values.flatMap { [$0.0, $0.1] as [String?] }
    )
  }
}

/// What was committed must be there after a crash, whatever the role or the database prefer: effects outside rest on it.
/// Stronger settings, such as `remote_apply`, stay.
private let durableCommits =
  "CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off'"
  + " THEN pg_catalog.set_config('synchronous_commit', 'on', false) END"

/// At least 1, because 0 would switch a timeout off.
private func milliseconds(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  return String(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
}
