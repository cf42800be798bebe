import DriftCore
import PostgreSQL
import Reconciliation
import TestSupport
import Testing
import Warehouses

@testable import soak

/// After failures one step is tried, and what becomes of it decides: one of all instances together.
struct TrialTests {
  private let outside = Outside(seed: 1)

  /// The first instance is at its step while the second lives through a whole run, on the real PostgreSQL.
  @Test func twoInstancesTryOneStepBetweenThem() async throws {
    try await mergeTwo()
    let address = try await PostgresServer.freshAddress()
    let administrator = try await PostgresConnection.connect(to: address)
    let warehouse = try await outOfOrder(address, administrator)
    _ = try await administrator.query("SELECT pg_advisory_lock(6)")
    let later = Timestamp(microseconds: try #require(try await warehouse.ledger().last?.at).microseconds + 360_000_000)
    async let first = reconciler(0, address, at: later).apply().applied
    try await waitForStatement("ALTER TABLE", in: address)

    let second = try await reconciler(1, address, at: later).apply().applied
    #expect(second.count == 2)
    for applied in second {
      guard case .waiting(let reason) = applied.outcome else {
        Issue.record("\(applied.table): \(applied.outcome)")
        continue
      }
      #expect(reason.contains("instance 0 is at "), "\(reason)")
    }
    #expect(second.contains { "\($0.outcome)".contains("w is tried with one step after it failed") })

    _ = try await administrator.query("SELECT pg_advisory_unlock(6)")
    let outcomes = try await first.map(\.outcome)
    guard case .failed = outcomes.first, case .waiting(let reason) = outcomes.last else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(reason.contains("4 steps in a row did not succeed"))
    #expect(try await warehouse.ledger().count { $0.state == .failed } == 4)
    let held = try await administrator.query("SELECT count(*)::text FROM mooring.lease WHERE expires > now()")
    #expect(held.rows.first == ["0"], "what was claimed is given back")
  }

  /// A claim is a lease: whoever wakes up after it ran out is refused before the statement.
  @Test func whoeverWasPassedOverDoesNotTry() async throws {
    let address = try await PostgresServer.freshAddress()
    let administrator = try await PostgresConnection.connect(to: address)
    let warehouse = PostgresWarehouse(address: address)
    _ = try await administrator.query("CREATE SCHEMA crm")
    _ = try await administrator.query("CREATE TABLE crm.counted (a int)")
    guard
      case .taken(var lease) = try await warehouse.take(TableName(schema: "crm", name: "counted"), as: "one", over: nil),
      case .taken(let trial) = try await warehouse.take(.trial, as: "one", over: nil)
    else { return #expect(Bool(false), "the leases are free") }
    lease.others = [trial]
    _ = try await warehouse.take(.trial, as: "two", over: trial.token)
    let statement = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: line(1, .done), lease: lease)
    await #expect(throws: LeaseLost(.trial)) { try await warehouse.execute(statement) }
    #expect(try await administrator.query("SELECT * FROM crm.counted").rows.isEmpty)
    await #expect(throws: LeaseLost(.trial)) {
      try await warehouse.record(line(1, .failed), audit: AuditRecord(of: line(1, .failed)), under: lease)
    }
  }

  // MARK: The scene

  /// Two green changes of two tables are merged.
  private func mergeTwo() async throws {
    await outside.begin()
    await outside.addTier()
    _ = try await Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler().run()
    await outside.finishReviews()
  }

  /// The tables of the world, three failures on record, and DDL that waits for lock 6 and then fails.
  private func outOfOrder(
    _ address: PostgresAddress, _ administrator: PostgresConnection
  ) async throws -> PostgresWarehouse {
    let tables = await outside.warehouse.tables
    for schema in Set(tables.keys.map(\.schema)) { _ = try await administrator.query("CREATE SCHEMA \(schema)") }
    for table in tables.values {
      let columns = table.columns.map { "\($0.name) \($0.physicalType)" }.joined(separator: ", ")
      _ = try await administrator.query("CREATE TABLE \(table.name) (\(columns))")
    }
    let warehouse = PostgresWarehouse(address: address)
    for line in await outside.warehouse.ledger { try await warehouse.record(line) }
    for number in 1...3 { try await warehouse.record(line(number, .failed)) }
    for text in [
      """
      CREATE FUNCTION public.fail() RETURNS event_trigger LANGUAGE plpgsql AS \
      $$ BEGIN PERFORM pg_advisory_xact_lock(6); RAISE EXCEPTION 'out of order'; END $$
      """,
      "CREATE EVENT TRIGGER fail ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION public.fail()",
    ] { _ = try await administrator.query(text) }
    return warehouse
  }

  private func reconciler(_ number: Int, _ address: PostgresAddress, at time: Timestamp) -> Reconciler {
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: number)
    var reconciler = instance.reconciler(at: time)
    let settings = PostgresSettings(lockTimeout: .seconds(120))
    reconciler.destinations = [
      "w": Destination(warehouse: PostgresWarehouse(address: address, settings: settings), dialect: .postgres)
    ]
    reconciler.holder = Holder("instance \(number)")
    return reconciler
  }

  private func line(_ attempt: Int, _ state: LedgerEntry.State) -> LedgerEntry {
    LedgerEntry(
      step: StepID(
        destination: "w", connection: "erp", table: TableName(schema: "crm", name: "deal"), change: 1, step: 1),
      state: state, kind: "ddl", digest: "d", commit: "c",
      detail: StepFailure(attempt: attempt, failureClass: "57014", isOutcomeUnknown: false).text)
  }
}

extension Outside {
  fileprivate func addTier() {
    for name in ["account", "contact"] { source.tables[name]?["tier"] = SourceSide.Column(type: "text") }
    sync()
  }
}
