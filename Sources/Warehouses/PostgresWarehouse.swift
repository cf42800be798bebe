package import DriftCore
package import PostgreSQL

/// A PostgreSQL destination. Connects at first use and keeps one idle connection; calls at the same time have their own.
package actor PostgresWarehouse: Warehouse {
  private let address: PostgresAddress
  private let clock: any Clock<Duration>
  private let connections: PostgresConnections
  /// Which of Mooring's own tables have been seen, in the form that this version knows.
  private var seen: Set<PostgresTable> = []
  /// Taken here, and not given back.
  private var leases: Set<Lease> = []
  /// The last line of the audit log that was written here since the first of these was taken.
  private var last: AuditLine?
  /// How far the ledger has been read.
  private var end: LedgerEnd?

  /// - Parameter clock: what the pauses between attempts are waited on.
  package init(
    address: PostgresAddress, settings: PostgresSettings = PostgresSettings(),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.address = address
    connections = PostgresConnections(settings: settings) { address }
    self.clock = clock
  }

  package func catalogue(
    of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void
  ) async throws {
    if schemas.isEmpty { return }
    let (sql, parameters) = catalogueQuery(of: schemas)
    try await withConnection("reading the catalogue") { connection in
      try await connection.stream(sql, parameters: parameters) { try each(catalogueTable($0)) }
    }
  }

  package func table(_ name: TableName) async throws -> CatalogueTable? { try await tables([name])[name] }

  package func tables(_ names: [TableName]) async throws -> [TableName: CatalogueTable] {
    let (sql, parameters) = catalogueQuery(of: names)
    return try await withConnection("reading \(names.map(\.description).joined(separator: " and "))") { connection in
      var found: [TableName: CatalogueTable] = [:]
      for row in try await connection.query(sql, parameters: parameters).rows {
        var table = try catalogueTable(row)
        guard names.contains(table.name) else { continue }
        if table.isView { table.view = try await viewFacts(of: table.name, on: connection) }
        found[table.name] = table
      }
      return found
    }
  }

  package func hasSharedKeys(_ key: TableKey) async throws -> Bool {
    let sql = try Dialect.postgres.sharedKeyCount(key)
    return try await withConnection("counting the keys of \(key)") { connection in
      try await connection.query(sql).rows.first?.first != .some("0")
    }
  }

  /// The statement, its ledger line and its record in one transaction, under the lock of the lease's row.
  package func execute(_ statement: MergedStatement) async throws -> StatementOutcome {
    let step = statement.entry.step
    return try await repeated("applying \(step)") { connection in
      try await prepare(connection)
      let last = await last
      let (outcome, line): (StatementOutcome, AuditLine?) = try await connection.transaction { session in
        if let lease = statement.lease {
          for lease in lease.all { try keep(lease, after: last, in: session) }
        } else {
          _ = try lockAuditEnd(for: [], as: .durable, in: session)
        }
        let (isDone, transaction) = try state(of: step, in: session)
        if isDone { return (.alreadyDone, nil) }
        let result = try session.query(statement.text, parameters: statement.parameters)
        // A statement such as COMMIT AND CHAIN leaves us in another transaction than the one it ran in; the ledger line
        // would then be written whatever becomes of the statement.
        let commit = PostgresCommit(of: step, returning: result)
        let end =
          session.isInTransaction ? try lockAuditEnd(for: [statement.audit], as: commit, in: session) : nil
        guard let end, end.transaction == transaction else {
          throw PostgresError(
            .transactionEnded, "the statement ended the transaction that it ran in")
        }
        try check(statement.result, in: session)
        let line = try write(
          [statement.audit], with: statement.entry.returning(result.rows.first), after: end, in: session)
        return (.done(row: result.rows.first), line)
      }
      if let line { await said(line) }
      // The statement may have changed settings of its session, which nothing else may inherit.
      await connection.forget()
      return outcome
    }
  }

  package func ledger() async throws -> [LedgerEntry] {
    let lines = try await withConnection("reading the ledger") { try await everyLine(on: $0) }
    end = LedgerEnd(of: lines)
    return lines.map(\.entry)
  }

  package func ledger(after known: [LedgerEntry]) async throws -> [LedgerEntry] {
    guard let end, end.isEnd(of: known) else { return try await ledger() }
    let lines = try await withConnection("reading the ledger") { connection in
      try await connection.session { try readLedger(from: end.last.line, in: $0) }
    }
    guard lines.first == end.last else { return try await ledger() }
    self.end = LedgerEnd(of: lines, after: end)
    return known + lines.dropFirst().map(\.entry)
  }

  package func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {
    try await repeated("writing the ledger") { connection in
      try await prepare(connection)
      let last = await last
      let line = try await connection.transaction { session in
        for lease in lease?.all ?? [] { try keep(lease, after: last, in: session) }
        let end = try lockAuditEnd(for: [audit], as: PostgresCommit(of: entry), in: session)
        return try write([audit], with: entry, after: end, in: session)
      }
      if let line { await said(line) }
    }
  }

  func said(_ line: AuditLine) { last = line }

  /// A crash before the first lease is taken takes nothing that rests on it.
  func taking() { if leases.isEmpty { last = nil } }

  func took(_ lease: Lease) { leases.insert(lease) }

  /// With one that is lost the others are: whoever goes on takes all of them anew.
  func lost() { leases = [] }

  func gaveBack(_ lease: Lease) { leases.remove(lease) }

  private func everyLine(on connection: PostgresConnection) async throws -> [LedgerLine] {
    if !seen.contains(.ledger) { seen = try await connection.session { try existingTables(in: $0) } }
    return try await seen.contains(.ledger) ? connection.session { try readLedger(in: $0) } : []
  }

  /// Makes what is missing of schema `mooring`, once for this process.
  func prepare(_ connection: PostgresConnection) async throws {
    if seen.count == PostgresTable.allCases.count { return }
    try await connection.session { try createTables(in: $0) }
    seen = Set(PostgresTable.allCases)
  }

  /// What met a lock or a deadlock is tried again from its beginning; what may have happened is not.
  func repeated<Value: Sendable>(
    _ activity: String, _ work: @Sendable (PostgresConnection) async throws -> Value
  ) async throws -> Value {
    for attempt in 1..<attempts {
      do {
        return try await withConnection(activity, work)
      } catch let error as WarehouseError where error.isWorthRepeating {
        try await clock.sleep(for: .milliseconds(200 * attempt))
      }
    }
    return try await withConnection(activity, work)
  }

  func withConnection<Value: Sendable>(
    _ activity: String, _ work: @Sendable (PostgresConnection) async throws -> Value
  ) async throws -> Value {
    do {
      let open = try await connections.take()
      let value = try await work(open)
      await connections.giveBack(open)
      return value
    } catch let error as PostgresError {
      throw WarehouseError(activity: activity, place: "\(address)", cause: error)
    } catch let error as LeaseLost {
      lost()
      throw error
    }
  }
}

/// Under the locks of the statement: an event trigger, a rule or a trigger may have made something else of it.
private func check(_ result: StatementResult?, in session: PostgresSession) throws {
  guard let result else { return }
  let (sql, parameters) = catalogueQuery(of: [result.target])
  let table = try session.query(sql, parameters: parameters).rows.first.map(catalogueTable)
  if let missing = result.missing(in: table, dialect: .postgres) {
    throw PostgresError(.resultMissing, "the statement ran and its result is not what was reviewed: \(missing)")
  }
}

/// How often a statement that met a lock or a deadlock is run, the first time included.
private let attempts = 3
