import DriftCore

/// One row of a service's catalogue: a column, with what the row says of its table.
struct CatalogueRow: Sendable {
  var table: TableName
  var isView: Bool
  var column: ColumnName
  /// As the destination spells it.
  var type: String
  var isNullable: Bool
  /// In the primary key, from 1 upwards.
  var keyPosition: Int?
  var rowEstimate: Int64?
  var byteSize: Int64?

  /// - Parameter kind: `BASE TABLE`, `MATERIALIZED_VIEW`.
  init?(
    schema: String?, table: String?, kind: String?, column: String?, type: String?, isNullable: String?,
    keyPosition: String? = nil, rowEstimate: String? = nil, byteSize: String? = nil
  ) {
    guard let schema, let table, let kind, let column, let type else { return nil }
    self.table = TableName(schema: schema, name: table)
    isView = kind.hasSuffix("VIEW")
    self.column = ColumnName(column)
    self.type = type
    self.isNullable = isNullable == "YES"
    self.keyPosition = keyPosition.flatMap { Int($0) }
    self.rowEstimate = rowEstimate.flatMap { Int64($0) }
    self.byteSize = byteSize.flatMap { Int64($0) }
  }
}

/// What a service tells of a table apart from its columns.
struct CatalogueFacts: Sendable {
  /// In the order of the primary key.
  var key: [ColumnName] = []
  var rowEstimate: Int64?
  var byteSize: Int64?
}

/// Puts tables together from rows that come ordered by table; holds one table, and the names of those before.
private struct CatalogueBuilder {
  /// Of the tables of the schema at hand.
  var facts: [TableName: CatalogueFacts] = [:]
  private var table: CatalogueTable?
  private var key: [(position: Int, name: ColumnName)] = []
  private var seen: Set<TableName> = []

  /// The table before, where the row begins another.
  mutating func add(_ row: CatalogueRow) throws(ServiceError) -> CatalogueTable? {
    var finished: CatalogueTable?
    if table?.name != row.table {
      finished = finish()
      guard seen.insert(row.table).inserted else {
        throw ServiceError(.unreadable, "the rows of \(row.table) do not come one after another")
      }
      table = CatalogueTable(
        name: row.table, isView: row.isView, columns: [],
        rowEstimate: row.rowEstimate ?? facts[row.table]?.rowEstimate,
        byteSize: row.byteSize ?? facts[row.table]?.byteSize)
    }
    let position = row.keyPosition ?? facts[row.table]?.key.firstIndex(of: row.column)
    if let position { key.append((position, row.column)) }
    table?.columns.append(
      CatalogueColumn(
        name: row.column, physicalType: row.type, isNullable: row.isNullable, isPrimaryKey: position != nil))
    return finished
  }

  mutating func finish() -> CatalogueTable? {
    defer { (table, key) = (nil, []) }
    if !key.isEmpty { table?.uniqueKeys = [key.sorted { $0.position < $1.position }.map(\.name)] }
    return table
  }
}

extension StatementService {
  /// Streams the tables that a query finds, in the order of its rows, page by page.
  ///
  /// - Parameters:
  ///   - statement: ordered by schema, table and position of the column.
  ///   - row: nil where the row is not in the form asked for.
  ///   - facts: asked once for each schema with a table that is no view, when its first row comes.
  func tables(
    of statement: BoundSQL, row read: ([String?]) -> CatalogueRow?,
    facts: (String) async throws -> [TableName: CatalogueFacts] = { _ in [:] },
    each: (CatalogueTable) throws -> Void
  ) async throws {
    var builder = CatalogueBuilder()
    var schema: String?
    try await pages(of: statement) { page in
      for values in page {
        guard let row = read(values) else {
          throw ServiceError(.unreadable, "a row of the catalogue is not in the form asked for")
        }
        if !row.isView, row.table.schema != schema {
          schema = row.table.schema
          builder.facts = try await facts(row.table.schema)
        }
        if let table = try builder.add(row) { try each(table) }
      }
    }
    if let table = builder.finish() { try each(table) }
  }

  /// Every row at once, for what is small.
  func rows(of statement: BoundSQL) async throws -> [[String?]] {
    var rows: [[String?]] = []
    try await pages(of: statement) { rows += $0 }
    return rows
  }
}
