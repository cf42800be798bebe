import DriftCore
import PostgreSQL

/// When a transaction is safe from a crash of the server: when it is committed, or with the next one that is.
///
/// A server writes one log for all of its databases, and whoever waits for a commit waits for everything before it. So what
/// was committed `withNext` is never missing where something later is there: a statement, an intent or an end that was
/// written durably brings lease, plan and looks with it. What a crash takes is the end of the log, and of Mooring's own
/// writing alone: nothing of it ever happened, and the next run looks again.
///
/// It would not be safe where ledger and target lie in different servers, for what is written down before an effect
/// outside of the server (a setting or a re-sync of Fivetran's), or for what people are told as done: those are `durable`.
enum PostgresCommit: Hashable {
  case durable
  case withNext

  /// Of what is said without a line of the ledger. A beginning is followed by a durable commit before any effect; all else
  /// comes just before an effect outside, or is told to people.
  init(of records: [AuditRecord]) { self = records.contains { $0.event == .planBegun } ? .withNext : .durable }

  /// Of a line that comes without a statement. What was only looked at is looked at again where a crash took its line; so
  /// is that no batch of a backfill is left.
  init(of entry: LedgerEntry) {
    self = entry.state == .done && ["wait", "verify", "backfill"].contains(entry.kind) ? .withNext : .durable
  }

  /// Of a statement with its line. A batch that found no row changed none.
  init(of step: StepID, returning result: PostgresResult) {
    self = step.part > 0 && result.rows.isEmpty ? .withNext : .durable
  }

  /// An expression that belongs into some statement of the transaction. How strong a durable commit is stays as the server
  /// has it; see `PostgresSettings`.
  var expression: String {
    switch self {
    case .durable: "NULL"
    case .withNext: "set_config('synchronous_commit', 'off', true)"
    }
  }
}
