import DriftCore
import PostgreSQL
import TestSupport
import Testing

/// What the dialect writes, run by the server that it is written for.
@Suite struct PostgresDialectTests {
  private let dialect = Dialect.postgres

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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
    try await story.prepare(in: database)
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
    let sql = try story.statement(story.actions[0])
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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
    try await story.prepare(in: database)
    let insert = "INSERT INTO salesforce.account (id, owner_rep_c, rep_c, old_count, new_count) VALUES "
    _ = try await database.query(insert + "('a', NULL, 'old', '7', NULL), ('b', 'new', 'old', 'x', NULL)")
    _ = try await database.query(insert + "('c', 'gone', NULL, '1', 2)")
    _ = try await database.query("INSERT INTO analytics.account VALUES ('mine', 'kept', 1)")
    let load = try story.loadStatements()
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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
    try await story.prepare(in: database)
    _ = try await database.query(try story.statement(story.actions[0]))
    _ = try await database.query(
      """
      INSERT INTO salesforce.account (tier_c, settings)
      VALUES ('a', '{}'), ('a', '{}'), ('b', NULL)
      """)
    let load = try story.loadStatements()
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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
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
    let database = try await PostgresConnection.connect(to: PostgresServer.freshAddress())
    try await story.prepare(in: database)
    _ = try await database.query(
      """
      INSERT INTO salesforce.account (id, rep_c, revenue, old_count, closed_on, settings, tier_c,
        created_epoch, is_active, _fivetran_deleted, _fivetran_active)
      VALUES ('a', 'Ann', 12.345, '7', '2026-02-30', '{"it''s": "gold"}', ' Pro ', 86400, 'Y', NULL, NULL),
        ('deleted', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, true),
        ('old', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, false)
      """)
    _ = try await database.query(try story.statement(.replaceView))
    // Replacing it by itself is allowed.
    _ = try await database.query(try story.statement(.replaceView))
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

  private func simple(_ columns: [MappingColumn], kind: Target.Kind = .table) -> Mapping {
    Mapping(
      connection: "crm", source: TableName(schema: "crm", name: "t"),
      target: Target(table: TableName(schema: "analytics", name: "t"), kind: kind), columns: columns)
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
