import DriftCore

/// A merged change that this process is at, and everything that its lines in ledger and audit log have in common.
struct Undertaking: Sendable {
  var pending: PendingChange
  let destination: Destination
  let landing: CommitID?
  let holder: String
  var approver: String?
  /// Nil until the first act.
  var lease: Lease?
  /// What a person's haste passed over, in words.
  var overridden: String?

  /// The record as this process writes it.
  func signed(_ record: AuditRecord) -> AuditRecord {
    var record = record
    record.writer = holder
    record.token = lease?.token
    if let landing { record.inputs["landing"] = landing.text }
    return record
  }

  /// Writes down what was decided, unless that was said last.
  func say(_ event: AuditRecord.Event, _ detail: String, probe: Probe? = nil) async throws {
    try await destination.warehouse.append([signed(pending.audit(event, detail: detail, probe: probe))])
  }

  /// Before the first act.
  func begin(_ probe: Probe) async throws {
    let records = pending.beginning(approvedBy: approver, probe: probe)
    try await destination.warehouse.append(records.map(signed))
  }

  /// A line of the ledger with its record.
  func record(
    _ state: LedgerEntry.State, as event: AuditRecord.Event, of step: Step? = nil, detail: String, probe: Probe
  ) async throws {
    let entry = pending.entry(state, step: step?.ordinal ?? 0, kind: step?.kind ?? pending.change.kind, detail: detail)
    let audit = pending.audit(event, of: step, detail: detail, probe: probe)
    try await destination.warehouse.record(entry, audit: signed(audit), under: lease)
  }

  func statement(_ step: Step, _ statement: Int, _ parameters: [String?], part: Int, _ probe: Probe) -> MergedStatement
  {
    let text = pending.statements[statement - 1]
    let words = pending.change.actions[statement - 1].words
    let audit = pending.audit(
      .stepDone, of: step, part: part, detail: part == 0 ? words : "\(words), batch \(part)", statements: [text],
      probe: probe)
    return MergedStatement(
      text: text, parameters: parameters, entry: pending.entry(.done, step: step.ordinal, part: part, kind: step.kind),
      audit: signed(audit), lease: lease, result: pending.result(of: statement))
  }

  /// What went wrong with a step, by its class alone: a message of the warehouse's may hold values of rows. Where nothing was
  /// tried it is no failure of the step's.
  func sayFailed(_ next: NextStep, _ error: any Error, after ledger: [LedgerEntry]) async throws {
    guard let (step, part) = next.step else { return }
    let name = failureClass(of: error)
    if error is ConfigurationError {
      return try await destination.warehouse.append([
        signed(pending.audit(.stepFailed, of: step, part: part, detail: name))
      ])
    }
    var isUnknown = (error as? any ClassifiedError)?.isOutcomeUnknown ?? false
    // Whether it was begun cannot be looked up in Fivetran.
    if step.kind == "resync" { isUnknown = true }
    let entry = pending.failure(of: step, part: part, name, isOutcomeUnknown: isUnknown, after: ledger)
    let attempt = StepFailure(entry)?.attempt ?? 1
    let audit = pending.audit(.stepFailed, of: step, part: part, detail: "\(name), attempt \(attempt)")
    try await destination.warehouse.record(entry, audit: signed(audit), under: lease)
  }
}

extension NextStep {
  fileprivate var step: (Step, part: Int)? {
    switch self {
    case .execute(let step, _, _, let part): (step, part)
    case .patch(let step, _), .sync(let step, _), .record(let step, _): (step, 0)
    case .finish, .unpause, .wait, .hold, .refuse, .stale, .probeKeys: nil
    }
  }
}
