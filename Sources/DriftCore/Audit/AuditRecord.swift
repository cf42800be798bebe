import Cryptography
package import JSON

/// What was decided about a merged change, or what took effect for it. Facts, digests and names; never a row, never a
/// secret.
package struct AuditRecord: Hashable, Sendable {
  package enum Event: String, Hashable, Sendable, CaseIterable {
    // Decisions.
    case approvalJudged = "approval.judged"
    case planBegun = "plan.begun"
    case changeHeld = "change.held"
    /// Its statements do not mean what it says.
    case changeRefused = "change.refused"
    case changeStale = "change.stale"
    /// People asked for the way back, or took it off the protected branch.
    case changeWithdrawn = "change.withdrawn"
    case baseConfirmed = "base.confirmed"
    /// A person stops applying somewhere, or lets it go on.
    case holdPlaced = "hold.placed"
    case holdLifted = "hold.lifted"
    /// A person has it applied outside of its windows, or beyond its limits.
    case paceOverridden = "pace.overridden"
    /// A connection is to be paused, or resumed, because of what is red.
    case pauseIntended = "pause.intended"
    // Effects, and what is known of them.
    case connectionPaused = "connection.paused"
    case connectionResumed = "connection.resumed"
    case ledgerOpened = "ledger.opened"
    case stepIntended = "step.intended"
    case stepDone = "step.done"
    case stepFailed = "step.failed"
    /// Its result was there before it ran.
    case stepAdopted = "step.adopted"
    /// It had taken effect, and the process ended before it was written down.
    case stepSettled = "step.settled"
    case changeApplied = "change.applied"
    /// All of its results were there before the ledger was.
    case changeAdopted = "change.adopted"
  }

  package var event: Event
  /// Step 0: the change as a whole.
  package var step: StepID
  /// As in the ledger.
  package var kind: String
  /// Of the change folder's files, as in the ledger: what was reviewed.
  package var digest: String
  /// The commit of the protected branch that was read.
  package var commit: String
  /// In words.
  package var detail: String
  /// SHA-256 of each statement or request, by ordinal where there are several.
  package var statements: [String]
  /// SHA-256 of what else it rests on, by name: the merged mapping, the commit that landed it.
  package var inputs: [String: String]
  /// Who said yes, and how that is known; nil where being merged is enough, or it is not about approval.
  package var approver: String?
  package var judgements: [Finding]
  /// The live systems as they were found, as far as the change is about them.
  package var found: JSONValue?
  /// The end of the connection's last sync that was known of.
  package var sync: Timestamp?
  /// The process, and the fencing token of its lease.
  package var writer: String
  package var token: Int?

  package init(
    _ event: Event, step: StepID, kind: String, digest: String, commit: String, detail: String = "",
    statements: [String] = [], inputs: [String: String] = [:], approver: String? = nil, judgements: [Finding] = [],
    found: JSONValue? = nil, sync: Timestamp? = nil, writer: String = "", token: Int? = nil
  ) {
    self.event = event
    self.step = step
    self.kind = kind
    self.digest = digest
    self.commit = commit
    self.detail = detail
    self.statements = statements
    self.inputs = inputs
    self.approver = approver
    self.judgements = judgements
    self.found = found
    self.sync = sync
    self.writer = writer
    self.token = token
  }

  /// The least that is to be said of a line of the ledger.
  package init(of entry: LedgerEntry) {
    self.init(
      Event(of: entry), step: entry.step, kind: entry.kind, digest: entry.digest, commit: entry.commit,
      // The bound of a batch is a row's key.
      detail: entry.kind == "backfill" ? "" : entry.detail)
  }
}

extension AuditRecord {
  /// The same about another event.
  package func with(_ event: Event) -> AuditRecord {
    var record = self
    record.event = event
    return record
  }

  /// What a line is about: of two records with one subject and one gist, one after the other, only the first is written.
  package var subject: String {
    let parts = [
      step.destination.text, step.connection.text, step.table.schema, step.table.name, String(step.change),
      String(step.step), String(step.part), event.aspect,
    ]
    return sha256Hex("mooring audit subject\n" + parts.map { "\($0.utf8.count):\($0)" }.joined())
  }

  /// What it says, whoever says it and whenever. That a step took effect is said once, however it was found out.
  package var gist: String {
    if event.isEffectOfStep { return sha256Hex("took effect\n\(digest)") }
    return sha256Hex([event.rawValue, digest, detail, approver ?? ""].joined(separator: "\n"))
  }
}

extension AuditRecord.Event {
  fileprivate init(of entry: LedgerEntry) {
    switch (entry.kind, entry.state) {
    case ("ledger", _): self = .ledgerOpened
    case ("base", _): self = .baseConfirmed
    case (PersonsWord.Word.hold.rawValue, _): self = .holdPlaced
    case (PersonsWord.Word.resume.rawValue, _): self = .holdLifted
    case _ where ConnectionPause.isLine(entry):
      self = entry.state == .intended ? .pauseIntended : entry.step.step == 1 ? .connectionPaused : .connectionResumed
    case (_, .intended): self = .stepIntended
    case (_, .failed): self = .stepFailed
    case (_, .adopted): self = entry.step.step == 0 ? .changeAdopted : .stepAdopted
    case (_, .stale): self = .changeStale
    case (_, .done): self = entry.step.step == 0 ? .changeApplied : .stepDone
    }
  }

  fileprivate var isEffectOfStep: Bool {
    switch self {
    case .stepDone, .stepAdopted, .stepSettled: true
    case .approvalJudged, .planBegun, .changeHeld, .changeRefused, .changeStale, .changeWithdrawn, .baseConfirmed,
      .holdPlaced, .holdLifted, .paceOverridden, .pauseIntended, .connectionPaused, .connectionResumed, .ledgerOpened,
      .stepIntended, .stepFailed, .changeApplied, .changeAdopted:
      false
    }
  }

  /// Of one change there are several things to say, each for itself.
  fileprivate var aspect: String {
    switch self {
    case .approvalJudged: "approval"
    case .planBegun: "plan"
    case .paceOverridden: "pace"
    case .changeWithdrawn: "withdrawal"
    case .changeHeld, .changeRefused, .changeStale, .changeApplied, .changeAdopted, .stepIntended, .stepDone,
      .stepFailed, .stepAdopted, .stepSettled, .ledgerOpened, .baseConfirmed, .holdPlaced, .holdLifted,
      .pauseIntended, .connectionPaused, .connectionResumed:
      "work"
    }
  }
}
