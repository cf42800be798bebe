import DriftCore
import Reconciliation
import Synchronization

/// 20 connections, 2,000 tables of 50 columns, their contracts in a real repository. Fivetran and the warehouse answer from
/// memory, so that what is measured is our own.
final class MemoryFleet: Sendable {
  static let tables = 2_000
  private static let tablesOfConnection = 100
  private static let names = (0..<tables / tablesOfConnection).map { ConnectionName("connection_\($0)") }

  private struct State {
    var round = 0
    var tables = (0..<MemoryFleet.tables).map { MemoryFleet.table($0, isDrifted: false) }
  }

  private let state = Mutex(State())
  private let settings = Dictionary(
    uniqueKeysWithValues: names.indices.map { (ConnectionID("id_\($0)"), MemoryFleet.settings(of: $0)) })

  /// Everything has synced since the round before.
  func sync(_ round: Int) { state.withLock { $0.round = round } }

  /// So many tables, spread over all connections, have a column more that somebody has to look at.
  func drift(in tables: Int) {
    state.withLock { state in
      for index in stride(from: 0, to: Self.tables, by: Self.tables / tables) {
        state.tables[index] = Self.table(index, isDrifted: true)
      }
    }
  }

  func seed(at path: String) throws -> SeedRepository {
    try SeedRepository(path: path) { write in
      try write("contracts/mooring.yaml", "version: 1\n")
      for index in 0..<Self.tables {
        let table = Self.table(index, isDrifted: false)
        let connection = Self.names[index / Self.tablesOfConnection]
        let observed = ObservedTable(landed: table, dialect: .postgres)
        let server = ContractServer(
          name: "warehouse", type: "postgres", schema: table.name.schema, connectionID: "id",
          connectorType: "salesforce", groupID: "group")
        try write(
          TableFolder(root: "contracts", connection: connection, table: table.name).contract,
          renderContract(contract(promising: observed, connection: connection), server: server))
      }
    }
  }

  func reconciler(
    repository: any ContractRepository & ProtectedHistory, forge: any Forge, cache: any Cache
  ) -> Reconciler {
    let connections = Self.names.enumerated().map { number, name in
      (
        name,
        ConnectionPolicy(
          id: ConnectionID("id_\(number)"), destination: "warehouse", mode: .propose, types: .catalogue,
          openProposals: Self.tablesOfConnection)
      )
    }
    return Reconciler(
      project: Project(
        fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main",
        forge: ForgeSettings(kind: "local", folder: ""),
        destinations: ["warehouse": DestinationSettings(kind: "postgres", group: "group", url: "")],
        connections: Dictionary(uniqueKeysWithValues: connections)),
      root: "contracts", source: self,
      destinations: ["warehouse": Destination(warehouse: self, dialect: .postgres)], repository: repository,
      forge: forge, cache: cache, now: { Timestamp(microseconds: 0) })
  }

  private static func table(_ index: Int, isDrifted: Bool) -> CatalogueTable {
    let types = ["text", "text", "timestamp with time zone", "boolean", "bigint", "numeric(18,2)"]
    var columns = (0..<50).map { column in
      CatalogueColumn(
        name: ColumnName("column_\(column)"), physicalType: types[column % types.count], isNullable: column > 0,
        isPrimaryKey: column == 0)
    }
    if isDrifted { columns.append(CatalogueColumn(name: "email", physicalType: "text")) }
    return CatalogueTable(
      name: TableName(schema: "schema_\(index / tablesOfConnection)", name: "table_\(index)"), columns: columns,
      uniqueKeys: [["column_0"]])
  }

  private static func settings(of number: Int) -> ConnectionSettings {
    ConnectionSettings(
      changeHandling: .allowAll,
      tables: (number * tablesOfConnection..<(number + 1) * tablesOfConnection).map { index in
        TableSetting(
          source: SourceTable(schema: "schema_\(number)", name: "table_\(index)"),
          name: TableName(schema: "schema_\(number)", name: "table_\(index)"), isEnabled: true)
      })
  }
}

extension MemoryFleet: ConnectionSource {
  func connections() async throws -> [ConnectionStatus] {
    let time = Timestamp(microseconds: Int64(state.withLock { $0.round }) * 1_000_000)
    return Self.names.indices.map {
      ConnectionStatus(
        id: ConnectionID("id_\($0)"), schema: "schema_\($0)", service: "salesforce", groupID: "group",
        succeededAt: time)
    }
  }

  func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    settings[connection] ?? ConnectionSettings(changeHandling: .allowAll, tables: [])
  }

  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting] {
    let index = Int(table.name.dropFirst("table_".count)) ?? 0
    let columns = state.withLock { $0.tables[index].columns }
    return columns.map { ColumnSetting(source: $0.name.text, name: $0.name, isEnabled: true) }
  }

  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {}
  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {}
}

extension MemoryFleet: Warehouse, AuditLog, Leases {
  func catalogue(of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void) async throws {
    for table in state.withLock({ $0.tables }) { try each(table) }
  }

  func table(_ name: TableName) async throws -> CatalogueTable? { nil }
  func execute(_ statement: MergedStatement) async throws -> StatementOutcome { .alreadyDone }
  func hasSharedKeys(_ key: TableKey) async throws -> Bool { false }

  func ledger() async throws -> [LedgerEntry] { [] }
  func record(_ entry: LedgerEntry, audit: AuditRecord, under lease: Lease?) async throws {}
  func append(_ records: [AuditRecord]) async throws {}
  func audit(each: @Sendable (String) throws -> Void) async throws {}
  func take(_ target: TableName, as holder: String, over token: Int?) async throws -> LeaseAnswer {
    .taken(Lease(target: target, holder: holder, token: 1))
  }
  func release(_ lease: Lease) async throws {}
}
