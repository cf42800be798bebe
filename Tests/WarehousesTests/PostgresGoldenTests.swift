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

  /// As the server spells it, a type is read as what was asked for, or kept as it is spelled.
  @Test(arguments: [
    "char", "char(5)", "nchar(5)", "national character(5)", "bpchar", "bpchar(5)", "varchar", "varchar(5)",
    "national character varying(5)", "char(5)[]", "text", "bit", "bit(3)", "bit varying", "varbit(3)", "interval",
    "interval(3)", "interval year to month", "interval day to second(3)", "time(3)", "timetz", "timetz(3)",
    "timestamp(3)", "timestamptz(0)", "numeric", "numeric(5)", "numeric(5,2)", "float(10)", "float(30)", "serial",
    "money",
    "inet", "cidr", "macaddr", "macaddr8", "point", "tsvector", "tsquery", "int4range", "int4multirange", "jsonpath",
    "pg_lsn", "xid8", "name", "oid", "\"char\"", "bytea", "uuid", "xml", "json", "jsonb", "box", "hstore_of_ours",
  ])
  func aTypeIsReadAsTheServerSpellsIt(spelled: String) async throws {
    let (database, warehouse) = try await freshDatabase()
    _ = try await database.query("CREATE DOMAIN hstore_of_ours AS text")
    _ = try await database.query("CREATE SCHEMA analytics")
    _ = try await database.query("CREATE TABLE analytics.account (x \(spelled))")
    let found = try #require(try await warehouse.table(TypeStory.table)?.columns.first?.physicalType)
    let type = dialect.parseType(found)
    if let name = dialect.typeName(type) {
      // What is written is the same type for the server.
      _ = try await database.query("ALTER TABLE analytics.account ADD COLUMN y \(name)")
      let columns = try #require(try await warehouse.table(TypeStory.table)?.columns)
      #expect(Set(columns.map { dialect.parseType($0.physicalType) }) == [type], "\(found)")
      if case .array = type {} else { #expect(dialect.parseType(spelled) == type || spelled == "serial", "\(found)") }
    } else if case .array = type {
    } else {
      #expect(type == .unrecognized(found))
      let isKnown = !["\"char\"", "xid8", "hstore_of_ours"].contains(spelled)
      #expect(dialect.has(type) == isKnown, "\(found)")
    }
    await database.close()
  }

  /// What the padding of text of one length does to its values, which the rules about it say.
  @Test func aWiderOrUnpaddedTextOfOneLengthIsRewrittenAndKeepsItsValues() async throws {
    let (database, _) = try await freshDatabase()
    _ = try await database.query("CREATE SCHEMA analytics")
    _ = try await database.query("CREATE TABLE analytics.t (a char(5), b char(5), c varchar(5))")
    _ = try await database.query("INSERT INTO analytics.t VALUES ('x', 'x', 'x ')")
    func filenode() async throws -> [[String?]] {
      try await database.query("SELECT pg_relation_filenode('analytics.t')").rows
    }
    for (column, from, to) in [
      ("a", ColumnType.character(length: 5), ColumnType.character(length: 10)),
      ("b", .character(length: 5), .text(length: 5)),
    ] {
      let before = try await filenode()
      _ = try await database.query("ALTER TABLE analytics.t ALTER COLUMN \(column) TYPE \(dialect.typeName(to) ?? "")")
      let isRewritten = try await filenode() != before
      #expect(dialect.change(from: from, to: to) == .inPlace(rewrites: isRewritten))
    }
    let rows = try await database.query("SELECT a = 'x ', b = 'x ', octet_length(b), c = 'x' FROM analytics.t").rows
    #expect(rows == [["t", "f", "1", "f"]])
    _ = try await database.query("ALTER TABLE analytics.t ALTER COLUMN c TYPE char(5)")
    #expect(try await database.query("SELECT c = 'x', octet_length(c::text) FROM analytics.t").rows == [["t", "1"]])
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
