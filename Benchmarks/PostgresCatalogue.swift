import CPostgres
import DriftCore
import Glibc
import PostgreSQL
import Synchronization
import Warehouses

/// 100,000 columns on a real PostgreSQL: the catalogue query alone by libpq, and as a poll needs it, merged into a snapshot.
struct PostgresCatalogue {
  static let (schemas, tables, columns) = (20, 1_000, 100)

  private let address: PostgresAddress
  private let names = (0..<schemas).map { "schema_\($0)" }

  /// Makes the tables in a database of their own, one statement a schema.
  init(on server: PostgresAddress) async throws {
    var server = server
    let administrator = try await PostgresConnection.connect(to: server)
    server.database = "catalogue"
    for statement in ["DROP DATABASE IF EXISTS catalogue", "CREATE DATABASE catalogue"] {
      _ = try await administrator.query(statement)
    }
    await administrator.close()
    address = server
    let database = try await PostgresConnection.connect(to: address)
    let types = ["text", "varchar(255)", "timestamptz", "boolean", "bigint", "numeric(18,2)"]
    let columns = (1..<Self.columns).map { "column_\($0) \(types[$0 % types.count])" }.joined(separator: ", ")
    for schema in names {
      _ = try await database.query(
        """
        DO $$ BEGIN
          CREATE SCHEMA \(schema);
          FOR number IN 0..\(Self.tables / Self.schemas - 1) LOOP
            EXECUTE 'CREATE TABLE \(schema).table_' || number || ' (id text PRIMARY KEY, \(columns))';
          END LOOP;
        END $$
        """)
    }
    for catalogue in ["pg_attribute", "pg_class", "pg_index", "pg_namespace"] {
      _ = try await database.query("VACUUM ANALYZE pg_catalog.\(catalogue)")
    }
    await database.close()
  }

  /// The best of seven each; the query and the snapshot in turn, so that what else the machine does meets both alike.
  func measure() async throws -> (bare: Measurement, streamed: Measurement, snapshot: Measurement) {
    let bareSession = try BareSession(address)
    let warehouse = PostgresWarehouse(address: address)
    let (query, settings) = (catalogueQuery(of: names), Self.settings)
    var best = (bare: Measurement.worst, streamed: Measurement.worst, snapshot: Measurement.worst)
    // First, because of their memory: what others leave to the process counts as its own.
    for _ in 0..<7 {
      best.streamed = try await best.streamed.better(
        Measurement.of { try await warehouse.catalogue(of: names) { _ in } })
    }
    for _ in 0..<7 {
      best.bare = try await best.bare.better(Measurement.of { try bareSession.run(query, rows: Self.tables) })
      best.snapshot = try await best.snapshot.better(
        Measurement.of {
          let landed = Mutex<[TableName: CatalogueTable]>([:])
          try await warehouse.catalogue(of: names) { table in landed.withLock { $0[table.name] = table } }
          let result = DriftCore.snapshot(
            of: "warehouse", settings: settings, types: .catalogue(landed.withLock { $0 }), columnLists: [:],
            scope: Scope(), dialect: .postgres)
          let count = result.tables.reduce(0) { $0 + $1.columns.count }
          guard count == Self.tables * Self.columns else {
            throw BenchmarkError(description: "the snapshot has \(count) columns")
          }
        })
    }
    return best
  }

  private static func name(of table: Int) -> TableName {
    TableName(schema: "schema_\(table % schemas)", name: "table_\(table / schemas)")
  }

  private static let settings = ConnectionSettings(
    changeHandling: .allowAll,
    tables: (0..<tables).map { index in
      let name = name(of: index)
      return TableSetting(
        source: SourceTable(schema: name.schema, name: name.name), name: name, isEnabled: true)
    })
}

/// libpq, with nothing done about what it reads.
private final class BareSession {
  private let handle: OpaquePointer

  init(_ address: PostgresAddress) throws {
    guard
      let handle = PQconnectdb(
        "host=\(address.host) port=\(address.port) user=\(address.user) dbname=\(address.database) sslmode=disable")
    else { throw BenchmarkError(description: "no memory is left for a connection") }
    self.handle = handle
  }

  deinit { PQfinish(handle) }

  func run(_ query: (sql: String, parameters: [String?]), rows: Int) throws {
    let copies = query.parameters.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    let values = copies.map { UnsafePointer<CChar>($0) }
    PQsendQueryParams(handle, query.sql, Int32(values.count), nil, values, nil, nil, 0)
    let answer = PQgetResult(handle)
    defer {
      PQclear(answer)
      PQclear(PQgetResult(handle))
    }
    guard PQntuples(answer) == Int32(rows) else {
      throw BenchmarkError(description: String(cString: PQerrorMessage(handle)))
    }
  }
}
