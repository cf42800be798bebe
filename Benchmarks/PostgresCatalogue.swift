import CPostgres
import DriftCore
import Glibc
import PostgreSQL
import Synchronization
import Warehouses

/// 100,000 columns on a real PostgreSQL: the catalogue query alone by libpq, and as a poll needs it, merged into a snapshot.
struct PostgresCatalogue {
  static let (schemas, tables, columns) = (20, 2_000, 50)

  private let address: PostgresAddress
  private let names = (0..<schemas).map { "schema_\($0)" }

  /// Throws where no server is installed.
  init() async throws {
    address = try await PostgresServer.freshAddress()
    let database = try await PostgresConnection.connect(to: address)
    for schema in names { _ = try await database.query("CREATE SCHEMA \(schema)") }
    let types = ["text", "varchar(255)", "timestamptz", "boolean", "bigint", "numeric(18,2)"]
    let columns = (1..<Self.columns).map { "column_\($0) \(types[$0 % types.count])" }.joined(separator: ", ")
    for table in 0..<Self.tables {
      let name = Self.name(of: table)
      _ = try await database.query("CREATE TABLE \(name) (id text PRIMARY KEY, \(columns))")
    }
    _ = try await database.query("ANALYZE pg_catalog.pg_attribute")
    await database.close()
  }

  /// The best of seven each, in turn, so that what else the machine does meets both alike.
  func measure() async throws -> (bare: Measurement, snapshot: Measurement) {
    let warehouse = PostgresWarehouse(address: address)
    let settings = Self.settings
    var (bare, merged) = (Measurement.worst, Measurement.worst)
    for _ in 0..<7 {
      bare = bare.better(try query())
      let start = Measurement.now()
      let landed = Mutex<[TableName: CatalogueTable]>([:])
      try await warehouse.catalogue(of: names) { table in landed.withLock { $0[table.name] = table } }
      let result = DriftCore.snapshot(
        of: "warehouse", settings: settings, types: .catalogue(landed.withLock { $0 }), columnLists: [:],
        scope: Scope(), dialect: .postgres)
      merged = merged.better(Measurement.now().since(start))
      let count = result.tables.reduce(0) { $0 + $1.columns.count }
      guard count == Self.tables * Self.columns else {
        throw BenchmarkError(description: "the snapshot has \(count) columns")
      }
    }
    return (bare, merged)
  }

  /// The same statement with nothing done about its answer.
  private func query() throws -> Measurement {
    let (sql, parameters) = catalogueQuery(of: names)
    let handle = PQconnectdb(
      "host=\(address.host) port=\(address.port) user=\(address.user) dbname=\(address.database) sslmode=disable")
    defer { PQfinish(handle) }
    let copies = parameters.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    let values = copies.map { UnsafePointer<CChar>($0) }
    let start = Measurement.now()
    let answer = PQexecParams(handle, sql, Int32(values.count), nil, values, nil, nil, 0)
    defer { PQclear(answer) }
    let measurement = Measurement.now().since(start)
    guard PQntuples(answer) == Int32(Self.tables) else {
      throw BenchmarkError(description: String(cString: PQerrorMessage(handle)))
    }
    return measurement
  }

  private static func name(of table: Int) -> TableName {
    TableName(schema: "schema_\(table % schemas)", name: "table_\(table)")
  }

  private static let settings = ConnectionSettings(
    changeHandling: .allowAll,
    tables: (0..<tables).map { index in
      let name = name(of: index)
      return TableSetting(
        source: SourceTable(schema: name.schema, name: name.name), name: name, isEnabled: true)
    })
}
