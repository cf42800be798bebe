import DriftCore

/// A table of Mooring's own beside the ledger, spelled for one service. Made where a statement finds it missing.
struct ServiceTable: Sendable {
  let service: any StatementService
  let name: String
  let texts: [String]
  let integers: [String]

  private var form: LedgerForm { service.ledgerForm }

  /// Quoted, with everything that stands before it.
  var path: String {
    get throws { try form.table.dropLast(column("ledger").utf8.count) + column(name) }
  }

  func column(_ name: String) throws -> String { try service.dialect.quote(service.dialect.folded(name)) }

  func columns(_ names: [String], of alias: String? = nil) throws -> String {
    try names.map { try (alias.map { "\($0)." } ?? "") + column($0) }.joined(separator: ", ")
  }

  func integer(_ value: Int) -> BoundSQL { "CAST(\(value) AS \(sql: form.integer))" }

  /// The service's clock, as text.
  var now: String { form.timeText(form.now) }

  func rows(of statement: BoundSQL) async throws -> [[String?]] {
    do {
      return try await service.rows(of: statement)
    } catch let error as ServiceError where error.kind == .missing {
      try await create()
      return try await service.rows(of: statement)
    }
  }

  /// Adds a row, unless there is one that `condition` finds.
  func insert(_ values: [(String, BoundSQL)], unless condition: BoundSQL) async throws {
    var list: BoundSQL = "\(values[0].1)"
    for (_, value) in values.dropFirst() { list = "\(list), \(value)" }
    let path = try path
    _ = try await rows(
      of: """
        INSERT INTO \(sql: path) (\(sql: try columns(values.map(\.0)))) SELECT \(list) FROM (SELECT 1 AS one) one \
        WHERE NOT EXISTS (SELECT 1 FROM \(sql: path) WHERE \(condition))
        """)
  }

  /// Changes what is as it was seen. Whoever asks looks afterwards whether it is so: another writer that got in the way has
  /// done the same.
  func update(_ values: BoundSQL, where condition: BoundSQL) async throws {
    do {
      _ = try await rows(of: "UPDATE \(sql: try path) SET \(values) WHERE \(condition)")
    } catch let error as ServiceError where error.kind == .conflict {
      return
    }
  }

  private func create() async throws {
    guard let text = service.dialect.typeName(.text(length: nil)) else {
      preconditionFailure("\(service.dialect.id) has no type for text")
    }
    let columns =
      try integers.map { try "\(column($0)) \(form.integer) NOT NULL" }
      + texts.map { try "\(column($0)) \(text) NOT NULL" }
    do {
      _ = try await service.rows(
        of: "CREATE TABLE IF NOT EXISTS \(sql: try path) (\(sql: columns.joined(separator: ", ")))")
    } catch let error as ServiceError where error.kind == .exists {
      // Two that make it at once, in spite of IF NOT EXISTS.
    }
  }
}
