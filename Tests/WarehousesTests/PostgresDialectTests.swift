import DriftCore
import PostgreSQL
import TestSupport
import Testing

/// What the dialect writes, run by the server that it is written for.
@Suite struct PostgresDialectTests {
  private let dialect = Dialect.postgres

  @Test func everyStoryRunsAndItsLoadRunsTwice() async throws {
    for story in DialectStory.all(dialect) {
      let database = try await freshDatabase()
      try await prepare(story, in: database)
      for action in story.actions {
        let sql = try statement(action, story)
        guard case .backfill = action else {
          _ = try await database.query(sql)
          continue
        }
        let keys = story.mapping.columns.filter(\.isKey).count
        let result = try await database.query(
          sql, parameters: Array(repeating: nil, count: keys) + ["10"])
        #expect(result.rows.isEmpty, "\(story)")
        #expect(result.columns.count == keys + 1, "\(story)")
      }
      if story.mapping.target.kind == .table, !["target-tidied", "target-described"].contains(story.name) {
        let load = try dialect.loadSQL(
          story.mapping, landed: story.landed, systemColumns: story.systemColumns)
        for _ in 0..<2 {
          for sql in loadStatements(load) { _ = try await database.query(sql) }
        }
      }
      let canary = try await database.query("SELECT count(*) FROM public.canary")
      #expect(canary.rows == [["1"]], "\(story)")
      await database.close()
    }
  }

  @Test func aProposedTargetCanBeCreated() async throws {
    for story in DialectStory.all(dialect) {
      let database = try await freshDatabase()
      _ = try await database.query("CREATE SCHEMA analytics")
      _ = try await database.query(try dialect.createTarget(story.mapping))
      await database.close()
    }
  }

  @Test(
    arguments: [
      ("text", "", ["", "-b", "B", "a", "ä", "ae", "z", "Z", "it's", "a b", "a\"b", "10", "9"]),
      ("text", "COLLATE \"und-x-icu\"", ["", "-b", "B", "a", "ä", "ae", "z", "Z", "10", "9", "ab"]),
      // The one key shares its batch with the row that has none.
      ("text", "", ["a"]),
      ("bigint", "", ["-9223372036854775808", "-1", "0", "9", "10", "100", "9223372036854775807"]),
      (
        "uuid", "",
        [
          "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff",
          "11111111-1111-4111-8111-111111111111", "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
          "9aaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
        ]
      ),
      ("numeric(10,2)", "", ["-1.50", "0.00", "2.25", "10.00", "9.99"]),
      ("timestamptz", "", ["2026-01-01 00:00:00.000001+00", "2026-01-01 00:00:00+00", "1969-12-31 00:00:00+00"]),
    ] as [(String, String, [String])])
  func aBackfillReachesEveryRowOnce(type: String, collation: String, keys: [String]) async throws {
    let database = try await freshDatabase()
    _ = try await database.query("CREATE SCHEMA crm")
    _ = try await database.query("CREATE SCHEMA analytics")
    _ = try await database.query("CREATE TABLE crm.t (id \(type) \(collation), v text)")
    _ = try await database.query("CREATE TABLE analytics.t (id \(type) PRIMARY KEY, v text)")
    for (index, key) in keys.enumerated() {
      _ = try await database.query(
        "INSERT INTO crm.t VALUES ($1::\(type), $2)", parameters: [key, "v\(index)"])
      _ = try await database.query(
        "INSERT INTO analytics.t VALUES ($1::\(type))", parameters: [key])
    }
    // A row without a key has no place in the order and must not end the walk.
    _ = try await database.query("INSERT INTO crm.t VALUES (NULL, 'no key')")
    let mapping = simple(
      [
        MappingColumn(sources: ["id"], target: "id", type: type, isKey: true),
        MappingColumn(sources: ["v"], target: "v", type: "text"),
      ])
    let sql = try dialect.statement(
      for: .backfill(["v"]), mapping: mapping,
      landed: ["id": dialect.parseType(type), "v": .text(length: nil)])
    let first = try await walk(sql, keys: 1, in: database)
    #expect(first.batches == (keys.count + 1) / 2)
    #expect(first.changed == keys.count)
    let filled = try await database.query("SELECT count(*) FROM analytics.t WHERE v IS NOT NULL")
    #expect(filled.rows == [["\(keys.count)"]])
    let second = try await walk(sql, keys: 1, in: database)
    #expect(second.batches == first.batches)
    #expect(second.changed == 0)
    await database.close()
  }

  @Test func aBackfillWalksACompositeKey() async throws {
    let story = try #require(DialectStory.named("composite-key", dialect))
    let database = try await freshDatabase()
    try await prepare(story, in: database)
    for order in ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"] {
      for line in 1...5 {
        _ = try await database.query(
          """
          INSERT INTO orders_public.line (order_id, line, price, notes)
          VALUES ($1::uuid, $2::bigint, 1.256, '{"a": 1}')
          """, parameters: [order, "\(line)"])
        _ = try await database.query(
          "INSERT INTO analytics.order_line (order_id, line) VALUES ($1::uuid, $2::bigint)",
          parameters: [order, "\(line)"])
      }
    }
    let sql = try statement(story.actions[0], story)
    let first = try await walk(sql, keys: 2, in: database)
    #expect(first.batches == 5)
    #expect(first.changed == 10)
    #expect(try await walk(sql, keys: 2, in: database).changed == 0)
    let values = try await database.query("SELECT DISTINCT price, notes FROM analytics.order_line")
    #expect(values.rows == [["1.26", #"{"a": 1}"#]])
    await database.close()
  }

  @Test func aLoadFollowsChangesAndDeletions() async throws {
    let story = try #require(DialectStory.named("column-renamed", dialect))
    let database = try await freshDatabase()
    try await prepare(story, in: database)
    let insert = "INSERT INTO salesforce.account (id, owner_rep_c, rep_c, old_count, new_count) VALUES "
    _ = try await database.query(insert + "('a', NULL, 'old', '7', NULL), ('b', 'new', 'old', 'x', NULL)")
    _ = try await database.query(insert + "('c', 'gone', NULL, '1', 2)")
    _ = try await database.query("INSERT INTO analytics.account VALUES ('mine', 'kept', 1)")
    let load = loadStatements(
      try dialect.loadSQL(story.mapping, landed: story.landed, systemColumns: story.systemColumns))
    func rows() async throws -> [[String?]] {
      for sql in load { _ = try await database.query(sql) }
      return try await database.query(
        "SELECT account_id, rep, count FROM analytics.account ORDER BY account_id"
      ).rows
    }
    let mine: [String?] = ["mine", "kept", "1"]
    #expect(
      try await rows() == [["a", "old", "7"], ["b", "new", nil], ["c", "gone", "2"], mine])
    _ = try await database.query(
      "UPDATE salesforce.account SET _fivetran_deleted = true WHERE id = 'c'")
    _ = try await database.query("UPDATE salesforce.account SET rep_c = 'x' WHERE id = 'a'")
    let after: [[String?]] = [["a", "x", "7"], ["b", "new", nil], mine]
    #expect(try await rows() == after)
    #expect(try await rows() == after)
    await database.close()
  }

  @Test func aLoadWithoutAKeyAppendsOnlyWhatIsNotThere() async throws {
    let story = try #require(DialectStory.named("key-missing", dialect))
    let database = try await freshDatabase()
    try await prepare(story, in: database)
    _ = try await database.query(try statement(story.actions[0], story))
    _ = try await database.query(
      """
      INSERT INTO salesforce.account (tier_c, settings)
      VALUES ('a', '{}'), ('a', '{}'), ('b', NULL)
      """)
    let load = loadStatements(
      try dialect.loadSQL(story.mapping, landed: story.landed, systemColumns: story.systemColumns))
    for _ in 0..<3 {
      for sql in load { _ = try await database.query(sql) }
      let count = try await database.query("SELECT count(*) FROM analytics.account")
      #expect(count.rows == [["3"]])
    }
    await database.close()
  }

  @Test(
    arguments: [
      ("integer", ["12", " 12 ", "-2147483648"], ["2147483648", "abc", "", "1e999", "NaN", "0x1F"]),
      ("smallint", ["-32768"], ["32768", "99999999999999999999999"]),
      ("bigint", ["9223372036854775807"], ["9223372036854775808", "1_000"]),
      ("numeric(5,2)", ["123.45", "-999.99", ".5", "1e2"], ["1000", "999.999", "1e5", "infinity"]),
      ("numeric", ["1e999", "123"], ["nan", "1,5", "--1"]),
      ("real", ["1.5", "0", "3e37"], ["1e39", "1e-46", "x"]),
      ("double precision", ["1e307", "-0.5"], ["1e309", "1e-400", "1e400"]),
      ("boolean", ["TRUE", " f ", "1", "off", "Yes"], ["2", "", "maybe"]),
      ("date", ["2024-02-29", "1999-12-31"], ["2025-02-29", "2025-13-01", "0000-01-01", "today", "31.12.2025"]),
      ("time", ["23:59:59", "08:30"], ["24:01", "8:30", "now", "12:60"]),
      (
        "timestamp", ["2024-02-29 10:00:00", "2024-02-29T10:00", "2024-02-29"],
        ["2025-02-29 10:00", "infinity", "2024-01-01 24:00:00"]
      ),
      (
        "timestamptz", ["2024-02-29T10:00:00Z", "2024-02-29 10:00:00+02:00", "2024-02-29 10:00", "2024-02-29"],
        ["2024-02-30T10:00:00Z", "2024-01-01T10:00:00 Mars/Olympus", "epoch", "2024-01-01T10:00:00+99"]
      ),
      (
        "uuid", ["AAAAAAAA-aaaa-4aaa-8aaa-aaaaaaaaaaaa"],
        ["{aaaa}", "aaaaaaaa", "g0000000-0000-0000-0000-000000000000"]
      ),
      ("varchar(3)", ["abc", "", "äöü"], ["abcd"]),
    ] as [(String, [String], [String])])
  func tryCastNeverFails(type: String, good: [String], bad: [String]) async throws {
    let database = try await freshDatabase()
    _ = try await database.query("CREATE SCHEMA crm")
    _ = try await database.query("CREATE SCHEMA analytics")
    _ = try await database.query("CREATE TABLE crm.t (id text, v text)")
    let mapping = simple(
      [
        MappingColumn(sources: ["id"], target: "id", type: "text"),
        MappingColumn(sources: ["v"], target: "v", type: type, conversion: .tryCast),
      ], kind: .view)
    for value in good + bad {
      _ = try await database.query(
        "INSERT INTO crm.t VALUES ($1, $1)", parameters: [value])
    }
    _ = try await database.query(
      try dialect.statement(
        for: .replaceView, mapping: mapping,
        landed: ["id": .text(length: nil), "v": .text(length: nil)]))
    let result = try await database.query("SELECT id, v FROM analytics.t")
    #expect(result.rows.filter { $0[1] != nil }.map { $0[0] ?? "" } == good)
    #expect(result.rows.filter { $0[1] == nil }.map { $0[0] ?? "" } == bad)
    await database.close()
  }

  @Test func conversionsGiveWhatTheirNamesSay() async throws {
    let story = try #require(DialectStory.named("view-replaced", dialect))
    let database = try await freshDatabase()
    try await prepare(story, in: database)
    _ = try await database.query(
      """
      INSERT INTO salesforce.account (id, rep_c, revenue, old_count, closed_on, settings, tier_c,
        created_epoch, is_active, _fivetran_deleted, _fivetran_active)
      VALUES ('a', 'Ann', 12.345, '7', '2026-02-30', '{"it''s": "gold"}', ' Pro ', 86400, 'Y', NULL, NULL),
        ('deleted', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, true),
        ('old', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, false)
      """)
    _ = try await database.query(try statement(.replaceView, story))
    // Replacing it by itself is allowed.
    _ = try await database.query(try statement(.replaceView, story))
    let result = try await database.query("SELECT * FROM analytics.account")
    #expect(
      result.rows == [
        [
          "a", "Ann", result.rows.first?[2], "7", nil, "gold", "Pro", " pro ", " PRO ",
          "1970-01-02 00:00:00+00", "t",
        ]
      ])
    #expect(["12.34", "12.35"].contains(result.rows.first?[2]))
    await database.close()
  }

  /// Holds the table of type changes against what the server does.
  @Test func aTypeChangeRewritesExactlyWhereTheDialectSaysSo() async throws {
    let database = try await freshDatabase()
    _ = try await database.query("CREATE SCHEMA a")
    for from in sampleTypes {
      for to in sampleTypes {
        guard case .inPlace(let rewrites) = dialect.change(from: from, to: to),
          let name = dialect.typeName(from)
        else { continue }
        _ = try await database.query("CREATE TABLE a.t (x \(name))")
        _ = try await database.query("INSERT INTO a.t VALUES (NULL)")
        let file = "SELECT pg_relation_filenode('a.t')"
        let before = try await database.query(file).rows
        _ = try await database.query(
          try dialect.alter(TableName(schema: "a", name: "t"), .setType("x", to)))
        let after = try await database.query(file).rows
        #expect((before != after) == rewrites, "\(from) to \(to)")
        let type = try await database.query(
          "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'a.t'::regclass AND attname = 'x'"
        )
        #expect(dialect.parseType(type.rows[0][0] ?? "") == to)
        _ = try await database.query("DROP TABLE a.t")
      }
    }
    await database.close()
  }

  private var sampleTypes: [ColumnType] {
    [
      .boolean, .integer(bits: 16), .integer(bits: 32), .integer(bits: 64),
      .decimal(precision: nil, scale: nil), .decimal(precision: 10, scale: 0),
      .decimal(precision: 12, scale: 0), .decimal(precision: 14, scale: 2),
      .decimal(precision: 38, scale: 2), .decimal(precision: 38, scale: 9), .float(bits: 32),
      .float(bits: 64), .date, .time, .timestamp(zoned: false), .timestamp(zoned: true),
      .text(length: 5), .text(length: 255), .text(length: nil), .uuid, .json, .xml, .binary(length: nil),
    ]
  }

  private func statement(_ action: AlterAction, _ story: DialectStory) throws -> String {
    try dialect.statement(
      for: action, mapping: story.mapping, landed: story.landed, systemColumns: story.systemColumns)
  }

  private func simple(_ columns: [MappingColumn], kind: Target.Kind = .table) -> Mapping {
    Mapping(
      connection: "crm", source: TableName(schema: "crm", name: "t"),
      target: Target(table: TableName(schema: "analytics", name: "t"), kind: kind), columns: columns)
  }

  /// The load's statements, without its heading: the driver takes one statement at a time.
  private func loadStatements(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.drop { $0.hasPrefix("--") }.joined(separator: "\n")
    return body.split(separator: ";\n").map(String.init).filter { $0.contains(" ") }
  }

  private func freshDatabase() async throws -> PostgresConnection {
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
    _ = try await database.query("CREATE TABLE public.canary AS SELECT 1 AS x")
    return database
  }

  /// The landed table, and the target as it is before the story's actions.
  private func prepare(_ story: DialectStory, in database: PostgresConnection) async throws {
    let mapping = story.mapping
    for schema in [mapping.source.schema, mapping.target.table.schema] {
      _ = try await database.query("CREATE SCHEMA \(try dialect.quote(schema))")
    }
    var columns = try story.landed.sorted { $0.key < $1.key }.map {
      "\(try dialect.quote($0.key)) \(try #require(dialect.typeName($0.value)))"
    }
    columns += try story.systemColumns.map { "\(try dialect.quote($0)) boolean" }
    _ = try await database.query(
      "CREATE TABLE \(try dialect.quote(mapping.source)) (\(columns.joined(separator: ", ")))")
    let target = try dialect.quote(mapping.target.table)
    guard mapping.target.kind == .table else {
      if story.actions == [.dropView] {
        _ = try await database.query("CREATE VIEW \(target) AS SELECT 1 AS x")
      }
      return
    }
    var before = mapping
    var more: [String] = []
    for action in story.actions {
      switch action {
      case .addColumn(let name, _): before.columns.removeAll { $0.target == name }
      case .setType(let name, _):
        before.columns.removeAll { $0.target == name }
        more.append("\(try dialect.quote(name)) smallint")
      case .copyColumn(let name, let type, _, _):
        before.columns.removeAll { $0.target == name }
        more.append("\(try dialect.quote(name)) \(try #require(dialect.typeName(type)))")
      case .renameColumn where story.name == "type-swapped": break
      case .renameColumn(let name, _), .dropColumn(let name):
        more.append("\(try dialect.quote(name)) text")
      case .dropNotNull(let name): more.append("\(try dialect.quote(name)) text NOT NULL")
      case .setNotNull, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .replaceView,
        .dropView, .backfill:
        break
      }
    }
    _ = try await database.query(try dialect.createTarget(before))
    for column in more {
      _ = try await database.query("ALTER TABLE \(target) ADD COLUMN \(column)")
    }
  }

  /// Runs a backfill to its end in batches of two.
  private func walk(_ sql: String, keys: Int, in database: PostgresConnection) async throws
    -> (batches: Int, changed: Int)
  {
    var bound: [String?] = Array(repeating: nil, count: keys)
    var (batches, changed) = (0, 0)
    while let row = try await database.query(sql, parameters: bound + ["2"]).rows.first {
      bound = Array(row.dropLast())
      changed += Int((row.last ?? nil) ?? "") ?? 0
      batches += 1
      try #require(batches < 1000)
    }
    return (batches, changed)
  }
}
