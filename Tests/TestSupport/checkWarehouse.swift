package import DriftCore
import Testing

/// What every warehouse promises. The destination is new: it has no ledger yet.
///
/// - Parameters:
///   - schema: exists and is empty.
///   - folded: what the engine makes of a name that is not quoted.
///   - administer: runs a statement behind the warehouse's back.
package func checkWarehouse(
  _ warehouse: any Warehouse & AuditLog & Leases, schema: String, folded: (String) -> String = { $0 },
  administer: (String) async throws -> Void
) async throws {
  try await checkReading(warehouse, schema: schema, folded: folded, administer: administer)
  try await checkLedger(warehouse)
  try await checkExecuting(warehouse, schema: schema, administer: administer)
  try await checkAudit(warehouse)
  try await checkLeases(warehouse, schema: schema, administer: administer)
}

/// A line for tests about table `crm.account`.
package func exampleEntry(
  change: Int = 1, step: Int = 1, part: Int = 0, state: LedgerEntry.State = .done,
  table: TableName = TableName(schema: "crm", name: "account"), kind: String = "ddl",
  detail: String = ""
) -> LedgerEntry {
  LedgerEntry(
    step: StepID(
      destination: "warehouse", connection: "salesforce", table: table, change: change, step: step,
      part: part),
    state: state, kind: kind, digest: String(repeating: "d", count: 64),
    commit: String(repeating: "c", count: 40), detail: detail)
}

private func checkReading(
  _ warehouse: any Warehouse & AuditLog, schema: String, folded: (String) -> String,
  administer: (String) async throws -> Void
) async throws {
  #expect(try await warehouse.ledger().isEmpty)
  #expect(try await auditLines(of: warehouse).isEmpty)
  #expect(
    try await names(in: [schema, folded("mooring")], of: warehouse).isEmpty, "reading creates nothing")

  let name = TableName(schema: schema, name: folded("b"))
  #expect(try await warehouse.table(name) == nil)
  try await administer("CREATE TABLE \(schema).b (id integer PRIMARY KEY, note varchar(20))")
  try await administer("CREATE TABLE \(schema).a (id integer)")
  try await administer("CREATE VIEW \(schema).c AS SELECT note FROM \(schema).b")
  let table = try #require(try await warehouse.table(name))
  #expect(table.name == name)
  #expect(!table.isView)
  #expect(table.columns.map(\.name) == ["id", "note"].map { ColumnName(folded($0)) })
  #expect(table.columns.map(\.isPrimaryKey) == [true, false])
  #expect(table.columns.map(\.isNullable) == [false, true])
  #expect(table.uniqueKeys == [[ColumnName(folded("id"))]])
  #expect(try await warehouse.table(TableName(schema: schema, name: folded("c")))?.isView == true)
  #expect(
    try await names(in: [schema], of: warehouse)
      == ["a", "b", "c"].map { TableName(schema: schema, name: folded($0)) }, "ordered by name")
  #expect(try await names(in: [], of: warehouse).isEmpty)

  try await administer("CREATE TABLE \(schema).e (id integer, part integer)")
  let key = TableKey(
    table: TableName(schema: schema, name: folded("e")), columns: ["id", "part"].map { ColumnName(folded($0)) })
  for values in ["(1, 1)", "(1, 2)", "(2, 1)"] { try await administer("INSERT INTO \(schema).e VALUES \(values)") }
  #expect(try await !warehouse.hasSharedKeys(key))
  try await administer("INSERT INTO \(schema).e VALUES (1, 2)")
  #expect(try await warehouse.hasSharedKeys(key))
  try await administer("DROP TABLE \(schema).e")

  struct Enough: Error {}
  await #expect(throws: Enough.self, "what the reader throws comes through") {
    try await warehouse.catalogue(of: [schema]) { _ in throw Enough() }
  }
  #expect(try await names(in: [schema], of: warehouse).count == 3, "and does no harm")
}

private func checkLedger(_ warehouse: any Warehouse) async throws {
  let intended = exampleEntry(change: 1, state: .intended, detail: "{\"a\": \"it's \\ \u{202E}\"}")
  try await warehouse.record(intended)
  try await warehouse.record(intended)
  var lines = try await warehouse.ledger()
  #expect(lines.map(withoutTime) == [intended], "the same line is not added again")
  #expect(lines.first?.at != nil)

  let failed = exampleEntry(change: 1, state: .failed, detail: "42703")
  try await warehouse.record(failed)
  let hostile = exampleEntry(
    change: 1, table: TableName(schema: "a\"b;c", name: "x\n'; DROP TABLE y; --\u{200F}é"))
  try await warehouse.record(hostile)
  try await warehouse.record(exampleEntry(change: 1, part: 7, kind: "backfill"))
  lines = try await warehouse.ledger()
  #expect(lines.map(\.state) == [.intended, .failed, .done, .done], "oldest first")
  #expect(lines.map(withoutTime).contains(hostile))
  let times = lines.compactMap(\.at)
  #expect(times == times.sorted())
}

private func checkExecuting(
  _ warehouse: any Warehouse, schema: String, administer: (String) async throws -> Void
) async throws {
  try await administer("CREATE TABLE \(schema).counted (n integer)")
  func count() async throws -> String? {
    let statement = MergedStatement(
      text: "SELECT count(*) FROM \(schema).counted",
      entry: exampleEntry(change: 99, step: try await warehouse.ledger().count + 1))
    guard case .done(let row) = try await warehouse.execute(statement) else { return nil }
    return row?.first ?? nil
  }
  let insert = MergedStatement(
    text: "INSERT INTO \(schema).counted VALUES (1)", entry: exampleEntry(change: 2))
  #expect(try await warehouse.execute(insert) == .done(row: nil))
  #expect(try await warehouse.execute(insert) == .alreadyDone)
  #expect(try await count() == "1", "a step that is done is not run again")
  let line = try await warehouse.ledger().first { $0.step == insert.entry.step }
  #expect(line.map(withoutTime) == insert.entry)

  let before = try await warehouse.ledger()
  await #expect(throws: (any Error).self) {
    try await warehouse.execute(
      MergedStatement(
        text: "INSERT INTO \(schema).absent VALUES (1)", entry: exampleEntry(change: 3)))
  }
  #expect(try await warehouse.ledger() == before, "what failed leaves nothing")

  let recorded = exampleEntry(change: 4)
  try await warehouse.record(recorded)
  let again = MergedStatement(text: insert.text, entry: recorded)
  #expect(try await warehouse.execute(again) == .alreadyDone)

  let contested = MergedStatement(text: insert.text, entry: exampleEntry(change: 5))
  let outcomes = try await withThrowingTaskGroup(of: StatementOutcome.self) { group in
    for _ in 0..<8 { group.addTask { try await warehouse.execute(contested) } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(outcomes.filter { $0 == .done(row: nil) }.count == 1, "at most once")
  #expect(outcomes.count == 8)
  #expect(try await count() == "2")
  #expect(
    try await warehouse.ledger().filter { $0.step == contested.entry.step }.count == 1)
}

private func names(in schemas: [String], of warehouse: any Warehouse) async throws -> [TableName] {
  let found = Collected<TableName>()
  try await warehouse.catalogue(of: schemas) { found.append($0.name) }
  return found.values
}

private func withoutTime(_ entry: LedgerEntry) -> LedgerEntry {
  var entry = entry
  entry.at = nil
  return entry
}
