package import DriftCore
import JSON
package import Testing

/// What every destination promises of its audit log, after `checkWarehouse` has written to its ledger.
func checkAudit(_ warehouse: any Warehouse & AuditLog) async throws {
  let lines = try await auditLines(of: warehouse)
  #expect(verifyAudit(log(lines)).finding == nil)
  let effects = try lines.map { try JSONValue.parse($0) }.filter { $0["event"]?.string == "step.done" }
    .map { "\($0["change"]?.int ?? 0) \($0["step"]?.int ?? 0) \($0["part"]?.int ?? 0)" }
  #expect(Set(effects).count == effects.count, "no effect has two lines")
  for entry in try await warehouse.ledger() where entry.state == .done {
    #expect(lines.contains { $0.contains(AuditRecord(of: entry).digest) }, "no effect without its line")
  }
  #expect(!lines.contains { $0.contains("absent") }, "what failed has no effect")

  var hostile = AuditRecord(of: exampleEntry(change: 70, table: TableName(schema: "a\"b;c", name: "x\n'; --\u{200F}é")))
  hostile.detail = "it's \\ \"\u{202E}"
  try await warehouse.append([hostile, hostile])
  try await warehouse.append([hostile])
  let longer = try await auditLines(of: warehouse)
  #expect(longer.count == lines.count + 1, "what was said last is not said again")
  #expect(longer.starts(with: lines), "lines are only added")

  // Twelve writers, each with a subject of its own: nobody's line is lost, and the chain does not fork.
  try await withThrowingTaskGroup(of: Void.self) { group in
    for change in 80..<92 {
      group.addTask {
        let records = [1, 2].map { AuditRecord(of: exampleEntry(change: change, step: $0)) }
        try await warehouse.append(records)
      }
    }
    try await group.waitForAll()
  }
  let whole = try await auditLines(of: warehouse)
  #expect(whole.count == longer.count + 24)
  #expect(verifyAudit(log(whole)).finding == nil)
}

/// What every destination promises of leases.
func checkLeases(
  _ warehouse: any Warehouse & AuditLog & Leases, schema: String, administer: (String) async throws -> Void
) async throws {
  let target = TableName(schema: "analytics", name: "acc\"ount")
  let other = TableName(schema: "analytics", name: "other")
  guard case .taken(let first) = try await warehouse.take(target, as: "one", over: nil) else {
    Issue.record("it is free")
    return
  }
  guard case .held("one", let since?, first.token) = try await warehouse.take(target, as: "two", over: nil) else {
    Issue.record("it is taken")
    return
  }
  #expect(since.microseconds > 0)
  guard case .taken = try await warehouse.take(other, as: "two", over: nil) else {
    Issue.record("another target is another lease")
    return
  }
  guard case .held = try await warehouse.take(target, as: "two", over: first.token + 1) else {
    Issue.record("only who is named is taken over")
    return
  }
  guard case .taken(let second) = try await warehouse.take(target, as: "two", over: first.token) else {
    Issue.record("its holder is known to have ended")
    return
  }
  #expect(second.token > first.token)

  // The first one was only paused, and goes on.
  try await administer("CREATE TABLE \(schema).fenced (n integer)")
  func insert(_ change: Int, under lease: Lease) -> MergedStatement {
    MergedStatement(
      text: "INSERT INTO \(schema).fenced VALUES (1)", entry: exampleEntry(change: change), lease: lease)
  }
  let before = (try await warehouse.ledger(), try await auditLines(of: warehouse))
  await #expect(throws: LeaseLost(target)) { try await warehouse.execute(insert(60, under: first)) }
  let line = exampleEntry(change: 61, state: .intended)
  await #expect(throws: LeaseLost(target)) {
    try await warehouse.record(line, audit: AuditRecord(of: line), under: first)
  }
  #expect(try await warehouse.ledger() == before.0)
  #expect(try await auditLines(of: warehouse) == before.1)
  #expect(try await warehouse.execute(insert(60, under: second)) == .done(row: nil))

  try await warehouse.release(first)
  guard case .held("two", _, _) = try await warehouse.take(target, as: "three", over: nil) else {
    Issue.record("who has lost it cannot give it back")
    return
  }
  try await warehouse.release(second)
  guard case .taken(let third) = try await warehouse.take(target, as: "three", over: nil) else {
    Issue.record("it was given back")
    return
  }
  #expect(third.token > second.token)
  await #expect(throws: LeaseLost(target)) { try await warehouse.execute(insert(62, under: second)) }

  // However many ask at once, one gets it.
  let contested = TableName(schema: "analytics", name: "contested")
  let answers = try await withThrowingTaskGroup(of: LeaseAnswer.self) { group in
    for number in 0..<8 { group.addTask { try await warehouse.take(contested, as: "\(number)", over: nil) } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  let taken = answers.filter { if case .taken = $0 { true } else { false } }
  #expect(taken.count == 1)
}

/// One step took effect, and nothing else happened: that it was intended stands before it, and the effect once.
package func expectAuditOfOneStep(
  in warehouse: any AuditLog, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let lines = try await auditLines(of: warehouse)
  #expect(verifyAudit(log(lines)).finding == nil, sourceLocation: sourceLocation)
  let events = try lines.map { try JSONValue.parse($0)["event"]?.string ?? "" }
  #expect(events.first == "step.intended", sourceLocation: sourceLocation)
  #expect(
    events.count { $0 == "step.done" || $0 == "step.settled" } == 1, "\(events)", sourceLocation: sourceLocation)
}

package func auditLines(of warehouse: any AuditLog) async throws -> [String] {
  let found = Collected<String>()
  try await warehouse.audit { found.append($0) }
  return found.values
}

private func log(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0A] } }
