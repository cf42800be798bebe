import Cryptography
import DriftCore

extension Reconciler {
  /// Applied changes of a connection that people want undone, with what is drafted for each; one a table, the last first.
  ///
  /// People ask by an open pull request that Mooring made for `mooring undo`, by a revert on the protected branch, and by
  /// a merged way back that went stale. What cannot be undone is told once, and the table's other drift goes on.
  func withdrawals(
    of connection: Observed, ledger: [LedgerEntry], work: Work, pending: Set<TableInConnection>, isDryRun: Bool,
    report: inout RunReport
  ) async throws -> [TableName: TableDraft] {
    if connection.policy.mode == .observe { return [:] }
    let recorded = work.recorded.changes(of: connection.name)
    let open = Set(work.openWork(of: connection.name).values.flatMap(\.findings))
    var drafts: [TableName: TableDraft] = [:]
    for (table, all) in Dictionary(grouping: recorded, by: \.table).sorted(by: { $0.key < $1.key })
    where !pending.contains(TableInConnection(connection: connection.name, table: table)) {
      for change in all.reversed() where change.isInForce {
        let fingerprint = change.fingerprint
        let isStale = all.contains { $0.state == .stale && $0.undoes == change.number }
        let isAsked = open.contains(fingerprint)
        let isGone = work.recorded.isVanished(change)
        guard isAsked || isGone || isStale else { continue }
        if !isAsked, work.refusals.findings.contains(fingerprint) { continue }
        let told = ToldWithdrawal(change, in: work.tree, root: root)
        if !isAsked, !isStale, try await cache.value(for: told.key) == told.files { continue }
        do {
          let draft = try await undoDraft(
            of: change, among: all, ledger: ledger, work: work, statuses: [connection.status])
          if !isAsked, !isStale, !draft.rewritten.isEmpty {
            let names = draft.rewritten.map(\.name).joined(separator: " and ")
            let verb = draft.rewritten.count == 1 ? "says" : "say"
            try await tell(
              change,
              "its folder was deleted, and \(names) still \(verb) what it did: nothing is undone. If that is meant: mooring undo \(change.address)",
              at: work.tree.commit, isDryRun: isDryRun, report: &report)
            if !isDryRun { try await cache.set(told.files, for: told.key) }
            continue
          }
          drafts[table] = draft
          if isGone, !isDryRun {
            try await record(change, "reverted on the protected branch: its way back is proposed", at: work.tree.commit)
          }
          break
        } catch let refusal as UndoRefusal {
          let way = isAsked ? "asked to be undone" : "taken off the protected branch after it was applied"
          try await tell(
            change, "\(way), and what it did stays: \(refusal.reason); \(refusal.hint)", at: work.tree.commit,
            isDryRun: isDryRun, report: &report)
          if !isAsked, !isStale, !isDryRun { try await cache.set(told.files, for: told.key) }
        }
      }
    }
    return drafts
  }

  /// What became of folders that are gone, as far as the ledger knows of them: one that was begun is told until it is
  /// put back and finished, a stale one once.
  func tellVanished(
    _ recorded: RecordedHistory, from tree: RepositoryTree, isDryRun: Bool, report: inout RunReport
  ) async throws {
    for change in recorded.all where !change.isApplied && recorded.isVanished(change) {
      if change.state == .stale {
        try await tell(
          change, "taken off the protected branch; it was stale and never ran", at: tree.commit, isDryRun: isDryRun,
          report: &report)
      } else if change.stepsDone > 0 {
        let reason =
          "taken off the protected branch in the middle: \(counted(change.stepsDone, "step")) took effect, and the rest never runs. Put the folder back as it was in \(change.commit.short) to finish it, then: mooring undo \(change.address)"
        let held = AppliedChange(
          connection: change.connection, table: change.table, change: numbered(change.number), outcome: .held(reason))
        report.applied.append(held)
        if isDryRun { continue }
        try await record(change, reason, at: tree.commit)
        await announce(held, report: &report)
      }
    }
  }

  /// Once for as long as there is a cache to remember it.
  func tell(
    _ change: RecordedChange, _ reason: String, at commit: CommitID, isDryRun: Bool, report: inout RunReport
  ) async throws {
    let key = "told/withdrawn/\(change.digest)"
    let digest = sha256Hex(reason)
    if try await cache.value(for: key) == digest { return }
    let told = AppliedChange(
      connection: change.connection, table: change.table, change: numbered(change.number), outcome: .withdrawn(reason))
    report.applied.append(told)
    if isDryRun { return }
    try await record(change, reason, at: commit)
    await announce(told, report: &report)
    try await cache.set(digest, for: key)
  }

  /// In the audit log of the destination, unless that was said last.
  func record(_ change: RecordedChange, _ words: String, at commit: CommitID) async throws {
    guard let policy = project.connections[change.connection], let destination = destinations[policy.destination]
    else { return }
    let step = StepID(
      destination: policy.destination, connection: change.connection, table: change.table, change: change.number,
      step: 0)
    let audit = AuditRecord(
      .changeWithdrawn, step: step, kind: "change", digest: change.digest, commit: commit.text, detail: words)
    try await destination.warehouse.append([signed(audit)])
  }
}

/// A change of which it was told that nothing is undone. As long as the table's files are the same it is not drafted again:
/// people clear old folders away by the hundred.
private struct ToldWithdrawal {
  let key: String
  let files: String

  init(_ change: RecordedChange, in tree: RepositoryTree, root: String) {
    let table = TableFolder(root: root, connection: change.connection, table: change.table)
    key = "kept/withdrawn/\(change.digest)"
    files = [table.contract, table.mapping].map { tree.files[$0]?.text ?? "-" }.joined(separator: " ")
  }
}

extension RecordedChange {
  /// Of the finding that it is to be undone.
  var fingerprint: String {
    DriftCore.fingerprint(
      of: .changeWithdrawn(WithdrawnChange(number: number, digest: digest)), connection: connection, table: table)
  }

  /// As `mooring undo` takes it.
  var address: String { "\(connection)/\(table)/\(numbered(number))" }
}
