import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

@Suite struct PostgresAuditTests {
  @Test func anAuditLogThatCannotBeWrittenStopsTheStatement() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.counted (n integer)")
    let warehouse = PostgresWarehouse(address: address)
    try await warehouse.record(exampleEntry(state: .intended))
    _ = try await administrator.query("ALTER TABLE mooring.audit ADD CONSTRAINT full_disk CHECK (sequence < 2)")
    let insert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry(change: 2))
    await #expect(throws: WarehouseError.self) { try await warehouse.execute(insert) }
    await #expect(throws: WarehouseError.self) { try await warehouse.record(exampleEntry(change: 3)) }
    #expect(try await administrator.query("SELECT count(*) FROM crm.counted").rows == [["0"]])
    #expect(try await warehouse.ledger().count == 1)
    _ = try await administrator.query("ALTER TABLE mooring.audit DROP CONSTRAINT full_disk")
    #expect(try await warehouse.execute(insert) == .done(row: nil))
    #expect(try await auditLines(of: warehouse).count == 2)
  }

  /// A lease that runs out while its holder's statement runs is not taken: its row is locked.
  @Test(.timeLimit(.minutes(5))) func aStatementThatRunsKeepsItsLease() async throws {
    let (address, administrator) = try await freshDestination()
    let target = TableName(schema: "crm", name: "account")
    let warehouse = PostgresWarehouse(address: address)
    guard case .taken(let lease) = try await warehouse.take(target, as: "one", over: nil) else {
      Issue.record("it is free")
      return
    }
    let slow = MergedStatement(text: "SELECT pg_sleep(602)", entry: exampleEntry(), lease: lease)
    let task = Task { try await warehouse.execute(slow) }
    try await waitForStatement("pg_sleep(602)", in: address)
    let other = PostgresWarehouse(address: address)
    let answer = try await other.take(target, as: "two", over: lease.token)
    guard case .held(by: "one", _, _) = answer else {
      Issue.record("\(answer)")
      return
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    guard case .taken = try await other.take(target, as: "two", over: lease.token) else {
      Issue.record("nothing of it runs any more")
      return
    }
    _ = try await administrator.query("SELECT 1")
  }

  @Test func aLeaseRunsOutByTheClockOfTheDestination() async throws {
    let (address, administrator) = try await freshDestination()
    let target = TableName(schema: "crm", name: "account")
    let warehouse = PostgresWarehouse(address: address)
    guard case .taken(let lease) = try await warehouse.take(target, as: "one", over: nil) else {
      Issue.record("it is free")
      return
    }
    _ = try await administrator.query("UPDATE mooring.lease SET expires = clock_timestamp()")
    guard case .taken(let next) = try await warehouse.take(target, as: "two", over: nil) else {
      Issue.record("it has run out")
      return
    }
    #expect(next.token > lease.token)
  }

  @Test func theRoleThatWritesTheLogMayNotChangeWhatItWrote() async throws {
    let (address, administrator) = try await freshDestination()
    var role = address
    role.user = "writer_" + address.database
    _ = try await administrator.query("CREATE ROLE \(role.user) LOGIN")
    _ = try await administrator.query("GRANT CREATE ON DATABASE \(address.database) TO \(role.user)")
    try await PostgresWarehouse(address: role).record(exampleEntry())
    let writer = try await PostgresConnection.connect(to: role)
    for statement in ["UPDATE mooring.audit SET line = ''", "DELETE FROM mooring.audit", "TRUNCATE mooring.audit"] {
      let error = await #expect(throws: PostgresError.self) { _ = try await writer.query(statement) }
      #expect(error?.kind == .forbidden, "\(statement)")
    }
    #expect(try await auditLines(of: PostgresWarehouse(address: role)).count == 1)
  }

  /// Of what went wrong the class is written down: a server's message quotes values.
  @Test func theClassOfAnErrorHoldsNoValueOfARow() async throws {
    let (address, administrator) = try await freshDestination()
    _ = try await administrator.query("CREATE TABLE crm.people (mail text)")
    _ = try await administrator.query("INSERT INTO crm.people VALUES ('kim@example.com')")
    let cast = MergedStatement(
      text: "ALTER TABLE crm.people ALTER COLUMN mail TYPE integer USING mail::integer", entry: exampleEntry())
    let error = await #expect(throws: WarehouseError.self) {
      try await PostgresWarehouse(address: address).execute(cast)
    }
    #expect(error?.description.contains("kim@example.com") == true, "else this test shows nothing")
    #expect(error.map { failureClass(of: $0) } == "22P02")
  }
}
