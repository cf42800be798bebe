import DriftCore
import Foundation
import Git
import Reconciliation
import Synchronization
import TestSupport

@testable import soak

/// Ten connections of eight tables each, their contracts on a git host of the test's own. Fivetran and the destination answer
/// from memory, so that what is counted goes to the git host and to the forge.
final class Fleet: Sendable {
  static let connections = 10
  static let tables = 8
  /// Of each connection: four tables that somebody has to look at, and the shared branch of a fifth.
  static let proposals = 50

  let folder: TemporaryFolder
  let server: GitHTTPServer
  let cache = Remembered()
  /// Connections that Fivetran does not answer about.
  let broken = Mutex<Set<ConnectionID>>([])

  init() throws {
    folder = try TemporaryFolder("fleet")
    let git = GitProgram(in: folder.path)
    try git("init", "-q", "--bare", "--initial-branch=main", "contracts.git")
    try git("init", "-q", "--initial-branch=main", "seed")
    try folder.write("version: 1\n", to: "seed/contracts/mooring.yaml")
    try folder.write("* @rita\n", to: "seed/CODEOWNERS")
    for connection in Self.names {
      for table in Self.landed(by: connection, isDrifted: false) {
        let observed = ObservedTable(landed: table, dialect: .postgres)
        let server = ContractServer(
          name: "warehouse", type: "postgres", schema: table.name.schema, connectionID: "id",
          connectorType: "salesforce", groupID: "group")
        try folder.write(
          renderContract(contract(promising: observed, connection: connection), server: server),
          to: "seed/" + TableFolder(root: "contracts", connection: connection, table: table.name).contract)
      }
    }
    let seed = GitProgram(in: folder.path("seed"))
    try seed("add", "-A")
    try seed("commit", "-q", "-m", "contracts")
    try seed("push", "-q", "../contracts.git", "main")
    server = try GitHTTPServer(root: folder.path)
  }

  deinit { server.stop() }

  var origin: GitProgram { GitProgram(in: folder.path("contracts.git")) }

  /// Every call makes what a new process would have.
  func reconciler(
    _ forge: any Forge, beforeAct: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) throws -> Reconciler {
    let policies = Self.names.map { name in
      (
        name,
        ConnectionPolicy(id: ConnectionID("id_\(name)"), destination: "warehouse", mode: .propose, types: .catalogue)
      )
    }
    return Reconciler(
      project: Project(
        fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main",
        forge: ForgeSettings(kind: "hosted", folder: "", dashboard: true),
        destinations: ["warehouse": DestinationSettings(kind: "postgres", group: "group", url: "")],
        connections: Dictionary(uniqueKeysWithValues: policies)),
      root: "contracts", source: self,
      destinations: ["warehouse": Destination(warehouse: self, dialect: .postgres)],
      repository: GitRepository(
        remote: try RemoteAddress("\(server.url)/contracts.git"), clone: folder.path("clone"),
        access: RemoteAccess(program: transportProgram)),
      forge: forge, cache: cache, now: { FakeGitHub.start }, beforeAct: beforeAct)
  }

  static let names = (0..<connections).map { ConnectionName("connection_\($0)") }

  /// With drift, four tables gained a column that looks like personal data, and a fifth one that does not.
  private static func landed(by connection: ConnectionName, isDrifted: Bool) -> [CatalogueTable] {
    (0..<tables).map { table in
      var columns = ["id", "name", "amount"].map {
        CatalogueColumn(
          name: ColumnName($0), physicalType: "text", isNullable: $0 != "id", isPrimaryKey: $0 == "id")
      }
      if isDrifted, table < 5 {
        columns.append(CatalogueColumn(name: table < 4 ? "email" : "tier", physicalType: "text"))
      }
      return CatalogueTable(
        name: TableName(schema: connection.text, name: "table_\(table)"), columns: columns, uniqueKeys: [["id"]])
    }
  }
}

/// The program that was built with the tests.
private let transportProgram = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  .appendingPathComponent("mooring-git").path

extension Fleet: ConnectionSource {
  func connections() async throws -> [ConnectionStatus] {
    Self.names.map {
      ConnectionStatus(
        id: ConnectionID("id_\($0)"), schema: $0.text, service: "salesforce", groupID: "group",
        succeededAt: Timestamp(microseconds: 1))
    }
  }

  func settings(of connection: ConnectionID) async throws -> ConnectionSettings {
    if broken.withLock({ $0.contains(connection) }) { throw Refused("Fivetran answered 500") }
    let schema = String(connection.text.dropFirst("id_".count))
    return ConnectionSettings(
      changeHandling: .allowAll,
      tables: (0..<Self.tables).map { table in
        TableSetting(
          source: SourceTable(schema: schema, name: "table_\(table)"),
          name: TableName(schema: schema, name: "table_\(table)"), isEnabled: true)
      })
  }

  func columns(of table: SourceTable, in connection: ConnectionID) async throws -> [ColumnSetting] {
    let landed = Self.landed(by: ConnectionName(table.schema), isDrifted: true).first { $0.name.name == table.name }
    return (landed?.columns ?? []).map { ColumnSetting(source: $0.name.text, name: $0.name, isEnabled: true) }
  }

  func patch(_ patch: SettingsPatch, on connection: ConnectionID) async throws {}
  func sync(_ connection: ConnectionID, resync tables: [SourceTable]) async throws {}
}

extension Fleet: Warehouse, AuditLog, Leases {
  func catalogue(of schemas: [String], each: @Sendable (CatalogueTable) throws -> Void) async throws {
    for connection in Self.names where schemas.contains(connection.text) {
      for table in Self.landed(by: connection, isDrifted: true) { try each(table) }
    }
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
