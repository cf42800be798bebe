import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

/// The server crashes, and loses what no commit waited for.
@Suite struct PostgresCrashTests {
  private let target = TableName(schema: "crm", name: "account")

  /// A crash takes the taking of a lease away, and whoever comes next is given the same token.
  @Test(.timeLimit(.minutes(5))) func whoeverLostALeaseInACrashIsRefusedUnderItsToken() async throws {
    let server = try await CrashingPostgres.start()
    for _ in 0..<10 {
      let address = try await server.freshAddress()
      let one = PostgresWarehouse(address: address)
      try await one.append([])
      guard case .taken(let lost) = try await one.take(target, as: "one", over: nil) else {
        Issue.record("it is free")
        return
      }
      try await server.crash()
      let two = PostgresWarehouse(address: address)
      // Now and then the log was written by itself before the crash.
      guard case .taken(let lease) = try await two.take(target, as: "two", over: nil), lease.token == lost.token
      else { continue }
      let line = exampleEntry(change: 1, state: .intended)
      await #expect(throws: LeaseLost(target)) {
        try await one.record(line, audit: AuditRecord(of: line), under: lost)
      }
      try await one.release(lost)
      guard case .held(by: "two", _, _) = try await one.take(target, as: "three", over: nil) else {
        Issue.record("it is not theirs to give back")
        return
      }
      try await two.record(line, audit: AuditRecord(of: line), under: lease)
      return
    }
    Issue.record("no crash took anything")
  }

  /// What was said under a lease and taken by a crash is missed as well after another lease was taken beside it.
  @Test(.timeLimit(.minutes(5))) func aLineThatACrashTookIsMissedUnderTheLeasesThatCameAfterIt() async throws {
    let server = try await CrashingPostgres.start()
    for _ in 0..<10 {
      let warehouse = PostgresWarehouse(address: try await server.freshAddress())
      guard case .taken(var lease) = try await warehouse.take(target, as: "one", over: nil) else {
        Issue.record("it is free")
        return
      }
      let intent = exampleEntry(change: 1, state: .intended)
      try await warehouse.record(intent, audit: AuditRecord(of: intent), under: lease)
      let begun = AuditRecord(.planBegun, step: intent.step, kind: "change", digest: "", commit: "")
      try await warehouse.append([begun])
      try await server.crash()
      // Now and then the log was written by itself before the crash.
      if try await auditLines(of: warehouse).last?.contains("plan.begun") == true { continue }
      guard case .taken(let trial) = try await warehouse.take(.trial, as: "one", over: nil) else {
        Issue.record("it is free")
        return
      }
      lease.others = [trial]
      let done = exampleEntry(change: 1)
      await #expect(throws: LeaseLost(target)) {
        try await warehouse.record(done, audit: AuditRecord(of: done), under: lease)
      }
      return
    }
    Issue.record("no crash took anything")
  }

  /// Lines that a crash took are not lines that others came after.
  @Test(.timeLimit(.minutes(5))) func aLedgerThatLostItsEndIsReadAnew() async throws {
    let server = try await CrashingPostgres.start()
    for _ in 0..<10 {
      let address = try await server.freshAddress()
      let warehouse = PostgresWarehouse(address: address)
      try await warehouse.record(exampleEntry(change: 1))
      let first = try await warehouse.ledger()
      try await warehouse.record(exampleEntry(change: 2, kind: "verify"))
      let known = try await warehouse.ledger(after: first)
      #expect(known.map(\.step.change) == [1, 2])
      try await server.crash()
      let other = PostgresWarehouse(address: address)
      guard try await other.ledger().count == 1 else { continue }
      try await other.record(exampleEntry(change: 3))
      try await other.record(exampleEntry(change: 4))
      let lines = try await warehouse.ledger(after: known)
      #expect(lines.map(\.step.change) == [1, 3, 4])
      #expect(try await warehouse.ledger() == lines)
      return
    }
    Issue.record("no crash took anything")
  }

  /// Where role or database prefer commits that nobody waits for, Mooring's are waited for all the same.
  @Test(.timeLimit(.minutes(5)), arguments: ["off", "on"])
  func whatIsWrittenBeforeAnEffectOutsideIsThereAfterACrash(preferred: String) async throws {
    let server = try await CrashingPostgres.start()
    let address = try await server.freshAddress()
    let administrator = try await PostgresConnection.connect(to: address)
    _ = try await administrator.query("ALTER ROLE postgres SET synchronous_commit = '\(preferred)'")
    let warehouse = PostgresWarehouse(address: address)
    let intent = exampleEntry(change: 1, state: .intended, kind: "resync")
    let end = exampleEntry(change: 1, step: 0, kind: "change")
    for line in [intent, end] {
      try await warehouse.record(line)
      try await server.crash()
      #expect(try await warehouse.ledger().last?.kind == line.kind)
    }
    let failed = AuditRecord(.changeHeld, step: exampleEntry().step, kind: "change", digest: "", commit: "")
    try await warehouse.append([failed])
    try await server.crash()
    #expect(try await auditLines(of: warehouse).last?.contains("change.held") == true)
  }
}
