import Cryptography
package import DriftCore
import JSON

/// A destination that is reached over HTTP and has no transaction around a statement and its ledger line.
///
/// At most once is kept by attempts instead: whoever wants to run a step claims an attempt, which one process can, and what
/// became of an earlier attempt is looked up before the next is claimed.
package struct ServiceWarehouse: Warehouse {
  /// A claim is used within this time, or not at all.
  static let claimUse = Duration.seconds(60)
  /// A claimed attempt that the service has not heard of for so long was never sent. Far longer than `claimUse`, since the
  /// two are measured by different clocks.
  static let claimEnd = Duration.seconds(600)
  /// For another process that is at the same step.
  static let maximumWait = Duration.seconds(60)
  static let firstPause = Duration.milliseconds(25)
  static let maximumPause = Duration.seconds(2)

  let service: any StatementService
  private let clock: any Clock<Duration>
  private let ledgerTable: ServiceLedger
  private let log: ServiceAudit
  private let leases: ServiceLeases

  init(_ service: any StatementService, clock: any Clock<Duration>) {
    self.service = service
    self.clock = clock
    ledgerTable = ServiceLedger(service: service)
    log = ServiceAudit(service: service)
    leases = ServiceLeases(service: service)
  }

  package func catalogue(of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void) async throws {
    if schemas.isEmpty { return }
    try await naming("reading the catalogue", service.place) {
      try await service.catalogue(of: schemas, table: nil, each: each)
    }
  }

  package func table(_ name: TableName) async throws -> CatalogueTable? {
    try await naming("reading \(name)", service.place) {
      var found: CatalogueTable?
      try await service.catalogue(of: [name.schema], table: name.name) { found = $0 }
      if found?.isView == true { found?.view = try await service.viewFacts(of: name) }
      return found
    }
  }

  package var linesRunAhead: Bool { service.writesLines }

  package func ledger() async throws -> [LedgerEntry] {
    try await naming("reading the ledger", service.place) { try await ledgerTable.lines() }
  }

  package func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {
    try await naming("writing the ledger", service.place) {
      try await ledgerTable.create()
      for lease in lease?.all ?? [] { try await leases.keep(lease) }
      // What the ledger has and the log lacks would be lacking for ever; the other way round it is written again.
      try await log.append([audit])
      try await ledgerTable.insert(entry)
    }
  }

  package func execute(_ statement: MergedStatement) async throws -> StatementOutcome {
    let step = statement.entry.step
    return try await naming("applying \(step)", service.place) {
      try await ledgerTable.create()
      var isOurs = false
      var waited = Duration.zero
      var pause = Self.firstPause
      while true {
        // Attempts first: they are cleared away only after the line is written.
        let attempts = try await service.attempts(at: step)
        if try await ledgerTable.isDone(step) {
          // The answer to our own commit was lost: the line came with it, the record did not.
          if isOurs { try await log.append([statement.audit]) }
          await clear(attempts)
          return .alreadyDone
        }
        switch try await next(at: step, after: attempts.last) {
        case .finish:
          try await finish(statement, row: nil, attempts, as: isOurs ? .stepDone : .stepSettled)
          return isOurs ? .done(row: nil) : .alreadyDone
        case .begin(var attempt):
          attempt.statement = sha256Hex(statement.text)
          for lease in statement.lease?.all ?? [] { try await leases.keep(lease) }
          try await log.append([statement.audit.with(.stepIntended)])
          attempt.earlier = attempts.map(\.number)
          do {
            if let outcome = try await begin(statement, as: attempt, after: attempts) { return outcome }
          } catch let error as ServiceError where error.kind == .outcomeUnknown {
            // What became of it is looked up like that of any other attempt.
            isOurs = true
          }
        case .wait(let error):
          guard waited < Self.maximumWait else { throw error }
          try await clock.sleep(for: pause)
          waited += pause
          pause = min(pause * 2, Self.maximumPause)
        }
      }
    }
  }

  package func settle(_ entry: LedgerEntry, audit: AuditRecord) async throws -> Bool {
    try await naming("looking up \(entry.step)", service.place) {
      let attempts = try await service.attempts(at: entry.step)
      guard let last = attempts.last, try await service.fate(of: last) == .succeeded else { return false }
      let statement = MergedStatement(text: "", entry: entry, audit: audit)
      try await finish(statement, row: nil, attempts, as: .stepSettled)
      return true
    }
  }

  private enum Next {
    case begin(Attempt)
    /// It has taken effect, and the line is missing.
    case finish
    case wait(ServiceError)
  }

  private func next(at step: StepID, after last: Attempt?) async throws -> Next {
    guard let last else { return .begin(Attempt(step: step, number: 1)) }
    let following = Attempt(step: step, number: last.number + 1)
    switch try await service.fate(of: last) {
    case .succeeded: return .finish
    case .failed: return .begin(following)
    case .running: return .wait(ServiceError(.underWay, "the statement of an earlier attempt still runs"))
    case .absent:
      if last.age > Self.claimEnd { return .begin(following) }
      return .wait(
        ServiceError(
          .outcomeUnknown, "an attempt was begun, and the service has not heard of its statement",
          hint:
            "another process is at it, or it was cut off: nothing runs twice, and a run ten minutes later takes over"))
    case .forgotten:
      throw ServiceError(
        .outcomeUnknown, "an attempt was begun, and the service cannot tell what became of it",
        hint:
          "look at the table: where the statement took no effect, drop mooring.claim_\(last.name), and it runs again")
    }
  }

  /// Nil where somebody else is, or has been, at the step.
  private func begin(
    _ statement: MergedStatement, as attempt: Attempt, after attempts: [Attempt]
  ) async throws -> StatementOutcome? {
    let start = ContinuousClock.now
    guard try await service.claim(attempt) else { return nil }
    if try await ledgerTable.isDone(attempt.step) { return nil }
    guard ContinuousClock.now - start < Self.claimUse else {
      throw ServiceError(.unavailable, "the service answers so slowly that the claim ran out before its use")
    }
    guard let rows = try await service.run(statement, as: attempt) else { return nil }
    try await finish(statement, row: rows.first, attempts + [attempt], as: .stepDone)
    return .done(row: rows.first)
  }

  private func finish(
    _ statement: MergedStatement, row: [String?]?, _ attempts: [Attempt], as event: AuditRecord.Event
  ) async throws {
    try await log.append([statement.audit.with(event)])
    try await ledgerTable.insert(statement.entry.returning(row))
    await clear(attempts)
  }

  /// The line is written: a claim that is left does no harm.
  private func clear(_ attempts: [Attempt]) async {
    for attempt in attempts { try? await service.clear(attempt) }
  }
}

extension ServiceWarehouse: AuditLog {
  package func append(_ records: [AuditRecord]) async throws {
    try await naming("writing the audit log", service.place) {
      try await ledgerTable.create()
      try await log.append(records)
    }
  }

  package func audit(each: @Sendable (String) throws -> Void) async throws {
    try await naming("reading the audit log", service.place) {
      guard try await ledgerTable.exists() else { return }
      for line in try await log.lines() { try each(line) }
    }
  }
}

extension ServiceWarehouse: Leases {
  package func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    try await naming("taking the lease of \(target)", service.place) {
      try await ledgerTable.create()
      return try await leases.take(target, as: holder, over: token)
    }
  }

  package func release(_ lease: Lease) async throws {
    try await naming("giving back the lease of \(lease.target)", service.place) { try await leases.release(lease) }
  }
}

extension LedgerEntry {
  /// What a statement returns becomes the line's detail, as a JSON array: the next batch starts from there.
  func returning(_ row: [String?]?) -> LedgerEntry {
    guard kind == "backfill" || row != nil else { return self }
    var entry = self
    entry.detail = JSONValue.array((row ?? []).map { $0.map { .string($0) } ?? .null }).canonicalText
    return entry
  }
}
