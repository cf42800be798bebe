import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

@Suite struct PostgresWarehouseTests {
  @Test func aPostgresDestinationKeepsThePromisesOfAWarehouse() async throws {
    let (address, administrator) = try await freshDestination()
    try await checkWarehouse(PostgresWarehouse(address: address), schema: "crm") {
      _ = try await administrator.query($0)
    }
  }

  @Test func eightProcessesAtOnceRunAStepOnce() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.counted (n integer)")
    let statement = MergedStatement(
      text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())
    let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
      for _ in 0..<8 {
        group.addTask { try await PostgresWarehouse(address: address).execute(statement) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 != .alreadyDone } == [.done(row: nil)])
    #expect(try await administrator.query("SELECT count(*) FROM crm.counted").rows == [["1"]])
    #expect(try await PostgresWarehouse(address: address).ledger().count == 1)
  }

  @Test(.timeLimit(.minutes(5))) func aBackendKilledInTheMiddleLeavesNothing() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.counted (n integer)")
    let warehouse = PostgresWarehouse(address: address)
    let slow = MergedStatement(
      text:
        "WITH x AS (INSERT INTO crm.counted VALUES (1) RETURNING n) SELECT pg_sleep(600) FROM x",
      entry: exampleEntry())
    let task = Task { try await warehouse.execute(slow) }
    try await waitForStatement("pg_sleep(600)", in: address)
    _ = try await administrator.query(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()
      """)
    let error = await #expect(throws: WarehouseError.self) { try await task.value }
    #expect(error?.cause.kind == .connection)
    #expect(try await warehouse.ledger().isEmpty)
    #expect(try await administrator.query("SELECT count(*) FROM crm.counted").rows == [["0"]])

    let again = MergedStatement(text: "INSERT INTO crm.counted VALUES (2)", entry: exampleEntry())
    #expect(try await warehouse.execute(again) == .done(row: nil))
  }

  @Test func aConnectionLostAtCommitIsAnUnknownOutcomeThatTheLedgerSettles() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.counted (n integer)")
    _ = try await administrator.query(
      """
      CREATE FUNCTION crm.die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$
      """)
    _ = try await administrator.query(
      """
      CREATE CONSTRAINT TRIGGER die AFTER INSERT ON crm.counted DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION crm.die()
      """)
    let warehouse = PostgresWarehouse(address: address)
    let insert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())
    let error = await #expect(throws: WarehouseError.self) { try await warehouse.execute(insert) }
    #expect(error?.cause.kind == .commitUnknown)
    _ = try await administrator.query("DROP TRIGGER die ON crm.counted")
    #expect(try await warehouse.execute(insert) == .done(row: nil))
    #expect(try await warehouse.execute(insert) == .alreadyDone)
  }

  @Test(arguments: [
    "COMMIT", "ROLLBACK", "END", "ABORT", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN",
    "PREPARE TRANSACTION 'mooring_test'", "DO $$ BEGIN COMMIT; END $$", "SELECT 1; SELECT 2",
    "COPY pg_catalog.pg_class TO STDOUT", "SET TRANSACTION READ ONLY", "",
  ])
  func noStatementGetsOutOfItsTransaction(text: String) async throws {
    let (address, administrator) = try await freshDestination()
    let warehouse = PostgresWarehouse(address: address)
    if text.isEmpty {
      // The server takes an empty statement for one that did nothing.
      #expect(
        try await warehouse.execute(MergedStatement(text: text, entry: exampleEntry()))
          == .done(row: nil))
      return
    }
    let error = await #expect(throws: WarehouseError.self) {
      try await warehouse.execute(MergedStatement(text: text, entry: exampleEntry()))
    }
    #expect(error?.description.contains("warehouse/salesforce/crm.account/1/1") == true)
    #expect(try await warehouse.ledger().isEmpty)
    let prepared = try await administrator.query(
      "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")
    for row in prepared.rows {
      _ = try await administrator.query("ROLLBACK PREPARED '\(row[0] ?? "")'")
    }
  }

  @Test func whatAStatementSetsEndsWithIt() async throws {
    let (address, _) = try await freshDestination()
    let warehouse = PostgresWarehouse(address: address)
    let set = MergedStatement(text: "SET search_path = public", entry: exampleEntry(change: 1))
    #expect(try await warehouse.execute(set) == .done(row: nil))
    let show = MergedStatement(
      text: "SELECT current_setting('search_path')", entry: exampleEntry(change: 2))
    #expect(try await warehouse.execute(show) == .done(row: ["pg_catalog"]))
  }

  /// What the user was given with ALTER ROLE is its own, and not what the statement left.
  @Test func theRoleOfTheUserIsThereAgainAfterAStatement() async throws {
    let (address, administrator) = try await freshDestination()
    let (owner, other) = ("owner_" + address.database, "other_" + address.database)
    var user = address
    user.user = "user_" + address.database
    for text in [
      "CREATE ROLE \(owner)", "CREATE ROLE \(other)", "CREATE ROLE \(user.user) LOGIN IN ROLE \(owner), \(other)",
      "ALTER ROLE \(user.user) SET role = '\(owner)'", "GRANT CREATE ON DATABASE \(address.database) TO \(owner)",
    ] { _ = try await administrator.query(text) }
    let warehouse = PostgresWarehouse(address: user)
    try await warehouse.append([])
    _ = try await administrator.query("GRANT ALL ON SCHEMA mooring TO \(other)")
    for table in ["ledger", "audit", "audit_head", "lease"] {
      _ = try await administrator.query("GRANT SELECT, INSERT, UPDATE ON mooring.\(table) TO \(other)")
    }
    let set = MergedStatement(text: "SET ROLE \(other)", entry: exampleEntry(change: 1))
    #expect(try await warehouse.execute(set) == .done(row: nil))
    let show = MergedStatement(text: "SELECT current_user::text", entry: exampleEntry(change: 2))
    #expect(try await warehouse.execute(show) == .done(row: [owner]))
  }

  @Test func aLockHeldElsewhereIsTriedThreeTimesAndThenNamed() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.account (n integer)")
    // However slow the machine is, it is not this session that gives up.
    _ = try await administrator.query("SET idle_in_transaction_session_timeout = 0")
    _ = try await administrator.query("BEGIN")
    _ = try await administrator.query("LOCK TABLE crm.account IN ACCESS SHARE MODE")
    let clock = ImmediateClock()
    let warehouse = PostgresWarehouse(
      address: address, settings: PostgresSettings(lockTimeout: .milliseconds(20)), clock: clock)
    let alter = MergedStatement(
      text: "ALTER TABLE crm.account ADD COLUMN tier text", entry: exampleEntry())
    let error = await #expect(throws: WarehouseError.self) { try await warehouse.execute(alter) }
    #expect(error?.description.contains("crm.account") == true)
    #expect(error?.description.contains("another session holds a lock") == true)
    #expect(clock.sleeps.count == 2)
    #expect(try await warehouse.ledger().isEmpty)
    _ = try await administrator.query("COMMIT")
    #expect(try await warehouse.execute(alter) == .done(row: nil))
  }

  @Test func cancellingTheTaskUndoesTheStatement() async throws {
    let (address, _) = try await freshDestination()
    let warehouse = PostgresWarehouse(address: address)
    let slow = MergedStatement(text: "SELECT pg_sleep(601)", entry: exampleEntry())
    let task = Task { try await warehouse.execute(slow) }
    try await waitForStatement("pg_sleep(601)", in: address)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await warehouse.ledger().isEmpty)
  }

  @Test func aMissingRightIsNamedWithTheGrantThatGivesIt() async throws {
    let (address, administrator) = try await freshDestination()
    var visitor = address
    visitor.user = "visitor_" + address.database
    _ = try await administrator.query("CREATE ROLE \(visitor.user) LOGIN")
    let warehouse = PostgresWarehouse(address: visitor)
    let entry = exampleEntry(state: .intended)
    var error = await #expect(throws: WarehouseError.self) { try await warehouse.record(entry) }
    var grant = "GRANT CREATE ON DATABASE \(address.database) TO \(visitor.user)"
    #expect(error?.description.contains(grant) == true)
    _ = try await administrator.query("CREATE SCHEMA mooring")
    error = await #expect(throws: WarehouseError.self) { try await warehouse.record(entry) }
    grant = "GRANT USAGE, CREATE ON SCHEMA mooring TO \(visitor.user)"
    #expect(error?.description.contains(grant) == true)
    _ = try await administrator.query(grant)
    try await warehouse.record(entry)
    #expect(try await warehouse.ledger().count == 1)

    var stranger = address
    stranger.user = "stranger_" + address.database
    _ = try await administrator.query("CREATE ROLE \(stranger.user) LOGIN")
    error = await #expect(throws: WarehouseError.self) {
      try await PostgresWarehouse(address: stranger).ledger()
    }
    #expect(error?.description.contains("GRANT SELECT, INSERT ON mooring.ledger") == true)
  }

  @Test func aLedgerOfAnotherFormIsNotTouched() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE SCHEMA mooring")
    _ = try await administrator.query("CREATE TABLE mooring.ledger (page integer)")
    let warehouse = PostgresWarehouse(address: address)
    let read = await #expect(throws: WarehouseError.self) { try await warehouse.ledger() }
    #expect(read?.cause.kind == .unreadable)
    await #expect(throws: WarehouseError.self) { try await warehouse.record(exampleEntry()) }
    #expect(try await administrator.query("SELECT count(*) FROM mooring.ledger").rows == [["0"]])
  }

  @Test func aServerThatIsAwayIsSaidWithoutThePassword() async throws {
    let warehouse = PostgresWarehouse(
      address: try PostgresAddress("postgres://u:hunter2@127.0.0.1:1/d"))
    let error = await #expect(throws: WarehouseError.self) { try await warehouse.ledger() }
    #expect(error?.description.contains("reading the ledger") == true)
    #expect(error?.description.contains("hunter2") == false)
  }
}
