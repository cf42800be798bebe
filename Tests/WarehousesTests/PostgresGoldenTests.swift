import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

/// Every PostgreSQL golden, run by the server that it is written for, and what its catalogue then says.
@Suite struct PostgresGoldenTests {
  private let dialect = Dialect.postgres

  @Test(arguments: DialectStory.all(.postgres))
  func everyStoryLeavesTheTableThatItsActionsSayAndItsLoadRunsTwice(story: DialectStory) async throws {
    let (database, warehouse) = try await freshDatabase()
    _ = try await database.query("CREATE TABLE public.canary AS SELECT 1 AS x")
    try await story.prepare(in: database)
    let mapping = story.mapping
    var name = mapping.target.table
    for action in story.actions {
      // The new view has the name that the old one had.
      if action == .replaceView { name = mapping.target.table }
      let before = try await warehouse.table(name)?.inWords(of: dialect)
      let expected = (before ?? CatalogueTable(name: name, columns: [])).after(
        action, mapping: mapping, dialect: dialect)
      try await run(action, of: story, in: database)
      if case .renameTable = action { name = try #require(expected).name }
      let found = try await warehouse.table(name)?.inWords(of: dialect)
      #expect(found?.columns == expected?.columns, "\(action.kind)")
      #expect(found == expected, "\(action.kind)")
    }
    if mapping.target.kind == .table, !["target-tidied", "target-described"].contains(story.name) {
      let load = try story.loadStatements()
      for sql in load + load { _ = try await database.query(sql) }
    }
    #expect(try await database.query("SELECT count(*) FROM public.canary").rows == [["1"]])
    await database.close()
  }

  private func run(_ action: AlterAction, of story: DialectStory, in database: PostgresConnection) async throws {
    let sql = try story.statement(action)
    let table = "'\(try dialect.quote(story.mapping.target.table))'::regclass"
    guard case .backfill = action else {
      _ = try await database.query(sql)
      if case .commentTable(let text) = action {
        #expect(try await database.query("SELECT obj_description(\(table), 'pg_class')").rows == [[text]])
      }
      if case .commentColumn(let name, let text) = action {
        let comments = try await database.query(
          "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = \(table) AND attname = $1",
          parameters: [name.text])
        #expect(comments.rows == [[text]])
      }
      return
    }
    let keys = story.mapping.columns.filter(\.isKey).count
    let result = try await database.query(sql, parameters: Array(repeating: nil, count: keys) + ["10"])
    #expect(result.rows.isEmpty)
    #expect(result.columns.count == keys + 1)
  }

  @Test(arguments: DialectStory.all(.postgres))
  func aProposedTargetIsCreatedWithTheMappingsColumnsAndKey(story: DialectStory) async throws {
    let (database, warehouse) = try await freshDatabase()
    let mapping = story.mapping
    _ = try await database.query("CREATE SCHEMA analytics")
    _ = try await database.query(try dialect.createTarget(mapping))
    let table = try await warehouse.table(mapping.target.table)?.inWords(of: dialect)
    let keys = mapping.columns.filter(\.isKey).map(\.target)
    #expect(
      table
        == CatalogueTable(
          name: mapping.target.table,
          columns: mapping.columns.map {
            CatalogueColumn(
              name: $0.target, physicalType: dialect.typeName(dialect.parseType($0.type)) ?? "",
              isNullable: !$0.isKey, isPrimaryKey: $0.isKey)
          }, uniqueKeys: keys.isEmpty ? [] : [keys]))
    await database.close()
  }

  /// Holds the table of type changes against what the server does, rewriting included.
  @Test func everyTypeIsAddedAndEveryPairOfTypesChangedAsTheDialectSays() async throws {
    let (database, warehouse) = try await freshDatabase()
    _ = try await database.query("CREATE SCHEMA analytics")
    // Vectors are an extension's.
    for story in try TypeStory.all(dialect)
    where story.to != .vector(dimensions: 3) && story.from != .vector(dimensions: 3) {
      let column = try story.from.map { "\(try dialect.quote(story.column)) \(try #require(dialect.typeName($0)))" }
      _ = try await database.query("CREATE TABLE analytics.account (\(column ?? ""))")
      _ = try await database.query("INSERT INTO analytics.account DEFAULT VALUES")
      let file = "SELECT pg_relation_filenode('analytics.account')"
      let before = try await database.query(file).rows
      for statement in story.statements { _ = try await database.query(statement) }
      let table = try #require(try await warehouse.table(TypeStory.table))
      #expect(table.columns.map(\.name) == [story.column], "\(story)")
      #expect(table.columns.map { dialect.parseType($0.physicalType) } == [story.to], "\(story)")
      if let from = story.from {
        let isRewritten = try await database.query(file).rows != before
        #expect(dialect.change(from: from, to: story.to) == .inPlace(rewrites: isRewritten), "\(story)")
      }
      _ = try await database.query("DROP TABLE analytics.account")
    }
    await database.close()
  }

  @Test(arguments: ConversionStory.all(.postgres))
  func everyConversionMakesAColumnOfItsType(story: ConversionStory) async throws {
    let (database, warehouse) = try await freshDatabase()
    let mapping = story.mapping
    for schema in ["crm", "analytics"] { _ = try await database.query("CREATE SCHEMA \(schema)") }
    let columns = try story.landed.map { "\(try dialect.quote($0.key)) \(try #require(dialect.typeName($0.value)))" }
    _ = try await database.query("CREATE TABLE crm.account (\(columns.joined(separator: ", ")))")
    _ = try await database.query(try dialect.statement(for: .replaceView, mapping: mapping, landed: story.landed))
    let expected = CatalogueTable(name: mapping.target.table, columns: []).after(
      .replaceView, mapping: mapping, dialect: dialect)
    let found = try await warehouse.table(mapping.target.table)?.inWords(of: dialect)
    for (found, expected) in zip(found?.columns ?? [], expected?.columns ?? []) { #expect(found == expected) }
    #expect(found == expected)
    await database.close()
  }

  private func freshDatabase() async throws -> (PostgresConnection, PostgresWarehouse) {
    let address = try await PostgresServer.freshAddress()
    return (try await PostgresConnection.connect(to: address), PostgresWarehouse(address: address))
  }
}
