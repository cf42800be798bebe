import DriftCore
import JSON

/// A destination in memory: landed tables, targets, and the ledger, each statement and its line in one transaction.
struct WarehouseSide {
  var tables: [TableName: CatalogueTable] = [:]
  var ledger: [LedgerEntry] = []
  /// The audit log, and who is at which target.
  private(set) var lines: [AuditLine] = []
  /// Whether a lease keeps others away.
  var isLocking = true
  private var leases: [TableName: (token: Int, holder: String, since: Timestamp)] = [:]
  /// The destination's own clock.
  var clock = Timestamp(microseconds: 1_767_225_600_000_000)
  /// What it says to every statement, or to those about a table; nil: nothing.
  var refusal: (error: any Error & Sendable, table: String?)?
  /// How often each step took effect.
  var effects: [StepID: Int] = [:]
  /// Batches that a backfill takes.
  private let batches = 2

  /// Lands what the source has, as the loader does: columns are added and widened, never dropped.
  mutating func land(_ source: [String: [String: SourceSide.Column]]) {
    for (name, columns) in source {
      let table = TableName(schema: SourceSide.schema, name: name)
      var landed =
        tables[table]
        ?? CatalogueTable(
          name: table,
          columns: [CatalogueColumn(name: "_fivetran_synced", physicalType: "timestamp with time zone")],
          uniqueKeys: [["id"]])
      for (column, fact) in columns.sorted(by: { $0.key < $1.key }) where fact.isEnabled && !fact.isGone {
        let type = fact.isHashed ? "text" : fact.type
        if let index = landed.columns.firstIndex(where: { $0.name == ColumnName(column) }) {
          landed.columns[index].physicalType = type
        } else {
          landed.columns.append(
            CatalogueColumn(
              name: ColumnName(column), physicalType: type, isNullable: column != "id",
              isPrimaryKey: column == "id"))
        }
      }
      tables[table] = landed
    }
  }

  mutating func execute(
    _ statement: MergedStatement, looksFirst: Bool
  ) throws -> StatementOutcome {
    let step = statement.entry.step
    try keep(statement.lease)
    if looksFirst, isDone(step) { return .alreadyDone }
    if let refusal, refusal.table.map({ step.table.name == $0 }) ?? true { throw refusal.error }
    var entry = statement.entry
    var row: [String?]?
    if entry.kind == "backfill" {
      if step.part < batches { row = ["k\(step.part)", "1"] }
      let values = (row ?? []).map { $0.map { JSONValue.string($0) } ?? .null }
      entry.detail = JSONValue.array(values).canonicalText
    } else {
      try alter(statement.text)
    }
    effects[step, default: 0] += 1
    append(entry)
    append([statement.audit])
    return .done(row: row)
  }

  /// The same line twice is one line, as in the real ledger.
  mutating func append(_ entry: LedgerEntry) {
    let isThere = ledger.contains {
      $0.step == entry.step && $0.state == entry.state
        && ($0.state == .done || ($0.kind == entry.kind && $0.digest == entry.digest && $0.detail == entry.detail))
    }
    if isThere { return }
    var entry = entry
    entry.at = clock
    ledger.append(entry)
  }

  private var gists: [String: String] { Dictionary(lines.map { ($0.subject, $0.gist) }) { $1 } }

  func hasSaid(_ records: [AuditRecord]) -> Bool { records.allSatisfy { gists[$0.subject] == $0.gist } }

  mutating func append(_ records: [AuditRecord]) {
    lines += AuditLine.chained(records, after: lines.last?.head ?? .empty, gists: gists, at: clock)
  }

  /// Refuses whoever has lost the lease.
  mutating func keep(_ lease: Lease?) throws {
    for lease in lease?.all ?? [] {
      guard holds(lease) || !isLocking else { throw LeaseLost(lease.target) }
      leases[lease.target]?.since = clock
    }
  }

  /// Whether nobody has taken it since.
  func holds(_ lease: Lease) -> Bool { leases[lease.target]?.token == lease.token }

  mutating func take(_ target: TableName, as holder: String, over token: Int?) -> LeaseAnswer {
    let found = leases[target] ?? (token: 0, holder: "", since: clock)
    let isLive = !found.holder.isEmpty && clock < found.since.adding(seconds: Lease.duration.components.seconds)
    if isLive, isLocking, found.token != token {
      return .held(by: found.holder, since: found.since, token: found.token)
    }
    leases[target] = (found.token + 1, holder, clock)
    return .taken(Lease(target: target, holder: holder, token: found.token + 1))
  }

  mutating func release(_ lease: Lease) {
    if leases[lease.target]?.token == lease.token { leases[lease.target]?.holder = "" }
  }

  func isDone(_ step: StepID) -> Bool {
    ledger.contains { $0.step == step && $0.state == .done }
  }

  private mutating func alter(_ statement: String) throws {
    if statement.hasPrefix("CREATE OR REPLACE VIEW") { return }
    let (name, action) = try Dialect.postgres.parse(statement)
    guard var table = tables[name] else { throw Refused("relation \(name) does not exist") }
    func index(of column: ColumnName) throws -> Int {
      guard let index = table.columns.firstIndex(where: { $0.name == column }) else {
        throw Refused("column \(column) does not exist")
      }
      return index
    }
    switch action {
    case .addColumn(let column, let type):
      if table.columns.contains(where: { $0.name == column }) {
        throw Refused("column \(column) already exists")
      }
      table.columns.append(
        CatalogueColumn(name: column, physicalType: Dialect.postgres.typeName(type) ?? "?"))
    case .dropColumn(let column): table.columns.remove(at: try index(of: column))
    case .setType(let column, let type):
      table.columns[try index(of: column)].physicalType = Dialect.postgres.typeName(type) ?? "?"
    default:
      throw Refused("\(action.words) is not played here")
    }
    tables[name] = table
  }
}

struct Refused: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
