package import DriftCore
package import PostgreSQL

/// A PostgreSQL destination. Connects at first use and keeps one idle connection; calls at the same time have their own.
package actor PostgresWarehouse: Warehouse {
  private let address: PostgresAddress
  private let clock: any Clock<Duration>
  private let connections: PostgresConnections
  private var isPrepared = false

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

  package func table(_ name: TableName) async throws -> CatalogueTable? {
    let (sql, parameters) = catalogueQuery(of: [name.schema], table: name.name)
    return try await withConnection("reading \(name)") { connection in
      guard var table = try await connection.query(sql, parameters: parameters).rows.first.map(catalogueTable) else {
        return nil
      }
      if table.isView { table.view = try await viewFacts(of: name, on: connection) }
      return table
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
      let outcome: StatementOutcome = try await connection.transaction { session in
        if let lease = statement.lease {
          for lease in lease.all { try keep(lease, in: session) }
        } else {
          _ = try lockAuditEnd(for: [], in: session)
        }
        let (isDone, transaction) = try state(of: step, in: session)
        if isDone { return .alreadyDone }
        let result = try session.query(statement.text, parameters: statement.parameters)
        // A statement such as COMMIT AND CHAIN leaves us in another transaction than the one it ran in; the ledger line
        // would then be written whatever becomes of the statement.
        let end = session.isInTransaction ? try lockAuditEnd(for: [statement.audit], in: session) : nil
        guard let end, end.transaction == transaction else {
          throw PostgresError(
            .transactionEnded, "the statement ended the transaction that it ran in")
        }
        try check(statement.result, in: session)
        try insert(statement.entry.returning(result.rows.first), in: session)
        try Warehouses.append([statement.audit], after: end, in: session)
        return .done(row: result.rows.first)
      }
      // The statement may have changed settings of its session, which nothing else may inherit.
      await connection.close()
      return outcome
    }
  }

  package func ledger() async throws -> [LedgerEntry] {
    try await withConnection("reading the ledger") { connection in
      try await connection.session { try readLedger(in: $0) }
    }
  }

  package func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {
    try await repeated("writing the ledger") { connection in
      try await prepare(connection)
      try await connection.transaction { session in
        for lease in lease?.all ?? [] { try keep(lease, in: session) }
        let end = try lockAuditEnd(for: [audit], in: session)
        try insert(entry, in: session)
        try Warehouses.append([audit], after: end, in: session)
      }
    }
  }

  /// Makes what is missing of schema `mooring`, once for this process.
  func prepare(_ connection: PostgresConnection) async throws {
    if isPrepared { return }
    try await connection.session { try createTables(in: $0) }
    isPrepared = true
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
    }
  }
}

/// Under the locks of the statement: an event trigger, a rule or a trigger may have made something else of it.
private func check(_ result: StatementResult?, in session: PostgresSession) throws {
  guard let result else { return }
  let (sql, parameters) = catalogueQuery(of: [result.target.schema], table: result.target.name)
  let table = try session.query(sql, parameters: parameters).rows.first.map(catalogueTable)
  if let missing = result.missing(in: table, dialect: .postgres) {
    throw PostgresError(.resultMissing, "the statement ran and its result is not what was reviewed: \(missing)")
  }
}

/// How often a statement that met a lock or a deadlock is run, the first time included.
private let attempts = 3
