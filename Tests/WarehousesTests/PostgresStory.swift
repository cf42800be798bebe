import DriftCore
import PostgreSQL
import TestSupport
import Testing

/// A story on a real server.
extension DialectStory {
  private var dialect: Dialect { .postgres }

  func statement(_ action: AlterAction) throws -> String {
    try dialect.statement(for: action, mapping: mapping, landed: landed, systemColumns: systemColumns)
  }

  /// The load's statements, without its heading: the driver takes one statement at a time.
  func loadStatements() throws -> [String] {
    let text = try dialect.loadSQL(mapping, landed: landed, systemColumns: systemColumns)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.drop { $0.hasPrefix("--") }.joined(separator: "\n")
    return body.split(separator: ";\n").map(String.init).filter { $0.contains(" ") }
  }

  /// The landed table, and the target as it is before the story's actions.
  func prepare(in database: PostgresConnection) async throws {
    for schema in [mapping.source.schema, mapping.target.table.schema] {
      _ = try await database.query("CREATE SCHEMA \(try dialect.quote(schema))")
    }
    var columns = try landed.sorted { $0.key < $1.key }.map {
      "\(try dialect.quote($0.key)) \(try #require(dialect.typeName($0.value)))"
    }
    columns += try systemColumns.map { "\(try dialect.quote($0)) boolean" }
    _ = try await database.query(
      "CREATE TABLE \(try dialect.quote(mapping.source)) (\(columns.joined(separator: ", ")))")
    let target = try dialect.quote(mapping.target.table)
    guard mapping.target.kind == .table else {
      if actions == [.dropView] || change.keptView != nil {
        _ = try await database.query("CREATE VIEW \(target) AS SELECT 1 AS x")
      }
      for case .grant(let grant) in actions {
        if case .named(_, let name) = grant.grantee { try await database.makeRole(name) }
      }
      return
    }
    var before = mapping
    var more: [String] = []
    for action in actions {
      switch action {
      case .addColumn(let name, _): before.columns.removeAll { $0.target == name }
      case .setType(let name, _):
        before.columns.removeAll { $0.target == name }
        more.append("\(try dialect.quote(name)) smallint")
      case .copyColumn(let name, let type, _, _):
        before.columns.removeAll { $0.target == name }
        more.append("\(try dialect.quote(name)) \(try #require(dialect.typeName(type)))")
      case .renameColumn where self.name == "type-swapped": break
      case .renameColumn(let name, _), .dropColumn(let name):
        more.append("\(try dialect.quote(name)) text")
      case .dropNotNull(let name): more.append("\(try dialect.quote(name)) text NOT NULL")
      case .setNotNull, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .replaceView,
        .dropView, .grant, .backfill:
        break
      }
    }
    _ = try await database.query(try dialect.createTarget(before))
    for column in more {
      _ = try await database.query("ALTER TABLE \(target) ADD COLUMN \(column)")
    }
  }
}

extension PostgresConnection {
  /// Roles belong to the server, which other tests use at the same time.
  func makeRole(_ name: RoleName) async throws {
    let role = try Dialect.postgres.quote(name.text)
    _ = try await query(
      """
      DO $$ BEGIN CREATE ROLE \(role); EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
      """)
  }
}

extension CatalogueTable {
  /// Types as the dialect writes them, and nothing of what is in the table.
  func inWords(of dialect: Dialect) -> CatalogueTable {
    var table = self
    for index in columns.indices {
      let type = dialect.parseType(columns[index].physicalType)
      table.columns[index].physicalType = dialect.typeName(type) ?? columns[index].physicalType
    }
    table.rowEstimate = nil
    table.byteSize = nil
    return table
  }

  /// The table as an action is to leave it; nil where it is to be gone.
  func after(_ action: AlterAction, mapping: Mapping, dialect: Dialect) -> CatalogueTable? {
    func column(_ name: ColumnName, _ type: ColumnType) -> CatalogueColumn {
      CatalogueColumn(name: name, physicalType: dialect.typeName(type) ?? "")
    }
    var table = self
    func change(_ name: ColumnName, _ edit: (inout CatalogueColumn) -> Void) {
      for index in table.columns.indices where table.columns[index].name == name { edit(&table.columns[index]) }
    }
    switch action {
    case .addColumn(let name, let type): table.columns.append(column(name, type))
    case .setType(let name, let type): change(name) { $0.physicalType = column(name, type).physicalType }
    case .renameColumn(let old, let new): change(old) { $0.name = new }
    case .dropColumn(let name): table.columns.removeAll { $0.name == name }
    case .dropNotNull(let name): change(name) { $0.isNullable = true }
    case .setNotNull(let name): change(name) { $0.isNullable = false }
    case .addPrimaryKey(let names):
      for name in names { change(name) { ($0.isPrimaryKey, $0.isNullable) = (true, false) } }
      table.uniqueKeys.insert(names, at: 0)
    case .renameTable(let name): table.name = TableName(schema: table.name.schema, name: name)
    case .replaceView:
      table.isView = true
      table.view = table.view ?? ViewFacts()
      table.columns = mapping.columns.map { column($0.target, dialect.parseType($0.type)) }
    case .dropView: return nil
    case .grant(let grant):
      let before = table.view?.grants ?? []
      table.view?.grants = Grant.grouped(before + [grant])
    case .copyColumn, .commentColumn, .commentTable, .dropPrimaryKey, .backfill: break
    }
    return table
  }
}
