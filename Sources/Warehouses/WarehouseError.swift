import DriftCore
package import PostgreSQL

/// A destination that said no, in whose activity and what to do about it.
package struct WarehouseError: Error, Sendable, CustomStringConvertible {
  package var activity: String
  /// Without a password.
  package var place: String
  package var cause: PostgresError

  var isWorthRepeating: Bool { cause.kind == .lockTimeout || cause.kind == .conflict }

  package var description: String {
    guard let wayOut else { return "\(activity) in \(place): \(cause)" }
    var said = cause
    // The server's own may lead to CASCADE.
    said.hint = nil
    return "\(activity) in \(place): \(said)\n  hint: \(wayOut)"
  }

  private var wayOut: String? {
    switch cause.kind {
    case .lockTimeout:
      "another session holds a lock on the table or on what the statement touches: end its transaction, or let the "
        + "next run try again"
    case .conflict: "the next run tries again"
    case .forbidden:
      cause.hint == nil ? "the role needs to own what a merged statement alters" : nil
    case .unauthorized: "check the user and the password of the destination's url, and whether they were changed"
    case .connection: "nothing was written; check that the server runs and may be reached"
    case .commitUnknown: "whether it happened is in the ledger: the next run reads it first"
    case .transactionEnded:
      "a merged statement ended the transaction and was undone: correct up.sql"
    case .resultMissing:
      "it was undone; look for event triggers and for what else changes the target, then let the next run try again"
    case .address: "check the destination's url in mooring.yaml"
    case .cancelled: "it took longer than allowed; the next run tries again"
    case .unreadable: nil
    case .server: cause.sqlState.flatMap(Self.wayOut(ofSQLState:))
    }
  }

  /// Source: PostgreSQL 15 documentation, appendix A, "PostgreSQL Error Codes".
  private static func wayOut(ofSQLState state: String) -> String? {
    switch state {
    case "42601": "a merged statement is not one of PostgreSQL, or more than one: correct up.sql"
    case "3D000", "3F000", "42P01", "42703":
      "somebody dropped or renamed it since the change was planned; the next run reads the table again"
    case "42701", "42P06", "42P07": "somebody else has made it; the next run reads the table again"
    case "42804", "42846": "the change needs a new column and a copy: propose it anew"
    case "23502": "fill the column first, then forbid NULL"
    case "22001", "22003", "22P02": "a value does not fit the new type: propose a wider one, or a new column and a copy"
    case "0A000", "2BP01": "a view or key depends on it: change that first, or propose another way"
    case "23505": "rows share the key: remove the doubles first"
    default: nil
    }
  }
}

extension WarehouseError: ClassifiedError {
  package var failureClass: String { cause.sqlState ?? "\(cause.kind)" }
  package var isOutcomeUnknown: Bool { cause.kind == .commitUnknown }
}
