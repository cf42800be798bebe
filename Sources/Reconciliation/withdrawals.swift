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
    let recorded = recordedChanges(in: ledger).filter { $0.connection == connection.name }
    let gone = Set(vanished(recorded, from: work.tree, root: root))
    let open = Set(work.openWork(of: connection.name).values.flatMap(\.findings))
    var drafts: [TableName: TableDraft] = [:]
    for (table, all) in Dictionary(grouping: recorded, by: \.table).sorted(by: { $0.key < $1.key })
    where !pending.contains(TableInConnection(connection: connection.name, table: table)) {
      for change in all.reversed() where change.isInForce {
        let fingerprint = change.fingerprint
        let isStale = all.contains { $0.state == .stale && $0.undoes == change.number }
        let isAsked = open.contains(fingerprint)
        guard isAsked || gone.contains(change) || isStale else { continue }
        if !isAsked, work.refusals.findings.contains(fingerprint) { continue }
        do {
          let draft = try await undoDraft(
            of: change, among: all, ledger: ledger, work: work, statuses: [connection.status])
          if !isAsked, !isStale, !draft.rewritten.isEmpty {
            let names = draft.rewritten.map(\.name).joined(separator: " and ")
            let verb = draft.rewritten.count == 1 ? "says" : "say"
            try await tell(
              change,
              "its folder was deleted, and \(names) still \(verb) what it did: nothing is undone. If that is meant: mooring undo \(change.address)",
              work: work, isDryRun: isDryRun, report: &report)
            continue
          }
          drafts[table] = draft
          if gone.contains(change), !isDryRun {
            try await record(change, "reverted on the protected branch: its way back is proposed", at: work.tree.commit)
          }
          break
        } catch let refusal as UndoRefusal {
          let way = isAsked ? "asked to be undone" : "taken off the protected branch after it was applied"
          try await tell(
            change, "\(way), and what it did stays: \(refusal.reason); \(refusal.hint)", work: work, isDryRun: isDryRun,
            report: &report)
        }
      }
    }
    return drafts
  }

  /// What became of folders that are gone, as far as the ledger knows of them: one that was begun is told until it is
  /// put back and finished, a stale one once.
  func tellVanished(
    in tree: RepositoryTree, ledgers: Ledgers, only names: Set<ConnectionName>, isDryRun: Bool, report: inout RunReport
  ) async throws {
    for case .success(let entries) in ledgers.sorted(by: { $0.key < $1.key }).map(\.value) {
      let unapplied = recordedChanges(in: entries).filter { !$0.isApplied && names.contains($0.connection) }
      for change in vanished(unapplied, from: tree, root: root) {
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
  }

  private func tell(
    _ change: RecordedChange, _ reason: String, work: Work, isDryRun: Bool, report: inout RunReport
  ) async throws {
    try await tell(change, reason, at: work.tree.commit, isDryRun: isDryRun, report: &report)
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

extension RecordedChange {
  /// Of the finding that it is to be undone.
  var fingerprint: String {
    DriftCore.fingerprint(
      of: .changeWithdrawn(WithdrawnChange(number: number, digest: digest)), connection: connection, table: table)
  }

  /// As `mooring undo` takes it.
  var address: String { "\(connection)/\(table)/\(numbered(number))" }
}
