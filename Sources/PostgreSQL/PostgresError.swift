/// What a PostgreSQL server, or the way to it, said instead of an answer. Never holds an address with its password.
package struct PostgresError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// The address cannot be read.
    case address
    /// The server does not take the user or the password (class 28).
    case unauthorized
    /// No connection, or it was lost. Nothing of an open transaction is left.
    case connection
    /// The connection was lost while a transaction was being committed: it may have happened or not.
    case commitUnknown
    /// The statement ended or broke the transaction that it ran in; the transaction is rolled back.
    case transactionEnded
    /// The statement ran, and what it was to make is not there; the transaction is rolled back.
    case resultMissing
    /// Another session held a lock for longer than `lock_timeout` (55P03).
    case lockTimeout
    /// A deadlock or a serialisation failure (40P01, 40001): worth running again.
    case conflict
    /// Ended by `statement_timeout` or by another session (57014). A cancelled task gets a `CancellationError`.
    case cancelled
    /// A right is missing (42501).
    case forbidden
    /// What came back is not what this driver reads: text that is not UTF-8, or a COPY stream.
    case unreadable
    /// Anything else that the server refused.
    case server
  }

  package var kind: Kind
  /// Five characters; nil where no server spoke.
  package var sqlState: String?
  /// The server's primary message.
  package var message: String
  package var detail: String?
  package var hint: String?

  package init(
    _ kind: Kind, _ message: String, sqlState: String? = nil, detail: String? = nil,
    hint: String? = nil
  ) {
    self.kind = kind
    self.sqlState = sqlState
    self.message = message
    self.detail = detail
    self.hint = hint
  }

  /// `message (SQLSTATE 42P01)`, then detail and hint on lines of their own.
  package var description: String {
    var text = message
    if let sqlState { text += " (SQLSTATE \(sqlState))" }
    if let detail { text += "\n  detail: \(detail)" }
    if let hint { text += "\n  hint: \(hint)" }
    return text
  }

  /// What libpq says where there is no connection: it keeps the server's words and not its SQLSTATE.
  static func kind(ofConnectionFailure message: String) -> Kind {
    let refusals = [
      "authentication failed", "authentication method", "no password supplied", "no pg_hba.conf entry",
      "is not permitted to log in",
    ]
    if message.contains("role \"") && message.contains("does not exist") { return .unauthorized }
    return refusals.contains { message.contains($0) } ? .unauthorized : .connection
  }

  /// Source: PostgreSQL 15 documentation, appendix A, "PostgreSQL Error Codes".
  static func kind(ofSQLState state: String) -> Kind {
    switch state {
    case "55P03": .lockTimeout
    case "40001", "40P01": .conflict
    case "57014": .cancelled
    case "42501": .forbidden
    case _ where state.hasPrefix("28"): .unauthorized
    case "57P01", "57P02", "57P03", "57P05", "25P03": .connection
    default: state.hasPrefix("08") ? .connection : .server
    }
  }
}
