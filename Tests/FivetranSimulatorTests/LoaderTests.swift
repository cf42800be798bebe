import DriftCore
import JSON
import PostgreSQL
import TestSupport
import Testing

@testable import FivetranSimulator

/// What syncs do to a real PostgreSQL.
struct LoaderTests {
  @Test func everyTableHasItsSystemColumnsAndKey() async throws {
    let world = try await Loaded("all-sorts")
    try await world.patch("/tables/blobs", #"{"enabled": true}"#)
    try await world.sync()
    #expect(
      try await world.columns("shop_public", "audit") == [
        "id bigint", "what text", "_fivetran_deleted boolean", "_fivetran_synced timestamp with time zone",
      ])
    #expect(try await world.key("shop_public", "audit") == "id")
    #expect(try await world.columns("shop_public", "blobs").contains("_fivetran_id text"))
    #expect(try await world.key("shop_public", "blobs") == "_fivetran_id")
    #expect(try await world.count("shop_public.customers WHERE _fivetran_deleted = false") == 11)
  }

  @Test func whatIsSwitchedOffIsNotLoaded() async throws {
    let world = try await Loaded("all-sorts")
    #expect(try await world.columns("shop_public", "blobs") == [])
    #expect(try await !world.columns("shop_public", "orders").contains("note text"))
    #expect(try await world.columns("fresh", "people") == [], "a connection that never synced")
    try await world.patch("", #"{"enabled": false}"#)
    try await world.sync()
    #expect(try await world.count("shop_public.customers") == 10)
    #expect(try await world.count("shop_billing.invoices") == 11)
  }

  @Test func typesWidenMoveToTheEndAndNeverNarrow() async throws {
    let world = try await Loaded("all-sorts")
    #expect(
      try await world.columns("shop_public", "customers").prefix(3) == ["id bigint", "email text", "score integer"])
    for _ in 0..<2 { try await world.advance() }
    let customers = try await world.columns("shop_public", "customers")
    #expect(customers.contains("score bigint"))
    #expect(customers.suffix(2) == ["score bigint", "tier text"], "a promoted column is a new one under the old name")
    let orders = try await world.columns("shop_public", "orders")
    #expect(orders.contains("total numeric(10,2)"), "narrower at the source")
    #expect(orders.contains("placed_on text"), "nothing in common")
    #expect(try await world.count("shop_public.customers WHERE score IS NULL") == 0)
  }

  @Test func aKeyIsPromotedInPlace() async throws {
    let world = try await Loaded("all-sorts")
    await world.simulator.edit { account in
      account.connections[0].source.tables[0].columns[0].type = "STRING"
    }
    try await world.sync()
    #expect(try await world.columns("shop_public", "customers").first == "id text")
    #expect(try await world.key("shop_public", "customers") == "id")
  }

  @Test func aLostColumnKeepsItsValuesUntilAResyncTakesThem() async throws {
    let world = try await Loaded("all-sorts")
    for _ in 0..<3 { try await world.advance() }
    #expect(try await world.count("shop_public.customers WHERE city IS NOT NULL") == 11)
    #expect(try await world.count("shop_public.customers WHERE city IS NULL") == 1)
    try await world.call("POST", "/schemas/tables/resync", #"{"public": ["orders"]}"#)
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE city IS NOT NULL") == 11, "not in scope")
    try await world.call("POST", "/resync", #"{"scope": {"public": ["customers"]}}"#)
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE city IS NOT NULL") == 0)
  }

  @Test func someSourcesTakeTheValuesOfALostColumnAlong() async throws {
    let world = try await Loaded("all-sorts")
    for _ in 0..<5 { try await world.advance() }
    #expect(try await world.count("sheet.rates") == 11)
    #expect(try await world.count("sheet.rates WHERE region IS NOT NULL") == 0)
  }

  @Test func aNewColumnOfAnIncrementalSourceIsNullInOldRowsUntilAResync() async throws {
    let world = try await Loaded("all-sorts")
    for _ in 0..<2 { try await world.advance() }
    #expect(try await world.count("shop_public.customers WHERE tier IS NULL") == 10)
    #expect(try await world.count("shop_public.customers WHERE tier IS NOT NULL") == 1)
    try await world.call("POST", "/resync")
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE tier IS NULL") == 0)
  }

  @Test func aBlockedColumnIsDroppedByTheSyncAfterTheCallAndCanComeBack() async throws {
    let world = try await Loaded("all-sorts")
    let email = "/tables/customers/columns/email"
    try await world.patch(email, #"{"enabled": false}"#)
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE email IS NOT NULL") == 10, "blocked is not dropped")
    try await world.call("DELETE", "/schemas/public\(email)")
    #expect(try await world.columns("shop_public", "customers").contains("email text"))
    try await world.sync()
    #expect(try await !world.columns("shop_public", "customers").contains("email text"))
    try await world.sync()
    try await world.patch(email, #"{"enabled": true}"#)
    try await world.sync()
    #expect(try await world.columns("shop_public", "customers").contains("email text"))
  }

  @Test func hashingTurnsAColumnIntoTextAndLeavesWhatHasLanded() async throws {
    let world = try await Loaded("all-sorts")
    try await world.patch("/tables/customers/columns/score", #"{"enabled": true, "hashed": true}"#)
    try await world.sync()
    #expect(try await world.columns("shop_public", "customers").contains("score text"))
    #expect(try await world.count("shop_public.customers WHERE length(score) = 44") == 1)
    #expect(try await world.count("shop_public.customers WHERE score = id::text OR length(score) < 3") == 10)
    try await world.call("POST", "/resync")
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE length(score) = 44") == 12)
  }

  @Test func aLockedTypeStaysAndWhatDoesNotFitIsNull() async throws {
    let world = try await Loaded("all-sorts")
    try await world.call("PATCH", "/schemas", #"{"is_type_locked": true}"#)
    for _ in 0..<2 { try await world.advance() }
    #expect(try await world.columns("shop_public", "customers").contains("score integer"))
    #expect(try await world.count("shop_public.orders WHERE placed_on IS NOT NULL") == 0)
  }

  @Test func aCancelledSyncLoadsNothing() async throws {
    let world = try await Loaded("all-sorts")
    try await world.call("POST", "/sync")
    try await world.patch("/tables/orders", #"{"enabled": true}"#)
    for _ in 0..<5 { try await world.call("GET", "") }
    #expect(try await world.count("shop_public.customers") == 10)
    try await world.call("POST", "/sync")
    for _ in 0..<3 { try await world.call("GET", "") }
    #expect(try await world.count("shop_public.customers") == 11)
  }

  @Test func aTableGoesIntoHistoryModeAndBack() async throws {
    let world = try await Loaded("all-sorts")
    let before = try await world.columns("shop_public", "orders")
    try await world.patch("/tables/orders", #"{"sync_mode": "HISTORY"}"#)
    try await world.sync()
    let columns = try await world.columns("shop_public", "orders")
    #expect(!columns.contains { $0.hasPrefix("_fivetran_deleted") })
    #expect(columns.contains("_fivetran_active boolean"))
    #expect(try await world.key("shop_public", "orders") == "id,_fivetran_start")
    #expect(try await world.count("shop_public.orders WHERE _fivetran_active") == 11)
    try await world.patch("/tables/orders", #"{"sync_mode": "SOFT_DELETE"}"#)
    try await world.sync()
    #expect(try await Set(world.columns("shop_public", "orders")) == Set(before))
    #expect(try await world.key("shop_public", "orders") == "id")
  }

  @Test func aColumnAddedBehindFivetransBackFailsTheSyncAsAWhole() async throws {
    let world = try await Loaded("all-sorts")
    _ = try await world.database.query(#"ALTER TABLE shop_public.customers ADD COLUMN tier text"#)
    let answer = await world.simulator.respond(to: request("POST", "/simulator/advance", #"{"to": 2}"#))
    #expect(answer.verdict == "500 LoaderFailed")
    #expect(try await world.count("shop_public.orders") == 10, "no part of it stays")
    #expect(try await world.call("GET", "").data()["failed_at"]?.string != nil)
    _ = try await world.database.query(#"ALTER TABLE shop_public.customers DROP COLUMN tier"#)
    try await world.sync()
    #expect(try await world.count("shop_public.customers WHERE tier IS NOT NULL") == 1)
  }

  @Test func aNewSchemaAndTableLand() async throws {
    let world = try await Loaded("all-sorts")
    for _ in 0..<4 { try await world.advance() }
    #expect(try await world.count("shop_finance.ledger") > 0)
    for _ in 0..<3 { try? await world.advance() }
    #expect(try await world.count("shop_billing.invoices") == 13, "a lost table is left as it was")
  }

  @Test func aRestartedSimulatorGoesOnWithWhatIsThere() async throws {
    let world = try await Loaded("all-sorts")
    let again = Simulator(try unsynced("all-sorts"), loader: Loader(connection: world.database))
    try await again.loadAll()
    #expect(try await world.count("shop_public.customers") == 10)
  }

  @Test(arguments: ["a\"; drop table t; --", "it's", "$1", "line\nbreak", String(repeating: "y", count: 63)])
  func hostileNamesLandAndArePromoted(name: String) async throws {
    let world = try await Loaded("hostile-names")
    try await world.advance()
    for type in ["INT", "LONG", "STRING"] {
      await world.simulator.edit { account in
        let table = account.connections[0].source.tables[0]
        if type == "INT" {
          let column = Source.Column(name: SourceName("source of it"), landedName: name + "!", type: type)
          account.connections[0].source.tables[0].columns.append(column)
        } else {
          account.connections[0].source.tables[0].columns[table.columns.count - 1].type = type
        }
      }
      try await world.sync()
    }
    let landed = String(decoding: (name + "!").utf8.prefix(63), as: UTF8.self)
    #expect(try await world.columns("salesforce", "account").last == "\(landed) text")
    #expect(try await world.count("salesforce.account") == 14)
  }
}

/// A simulator that loads a database of its own.
private struct Loaded {
  let simulator: Simulator
  let database: PostgresConnection

  init(_ scenario: String) async throws {
    database = try await PostgresConnection.connect(
      to: PostgresAddress(try await PostgresServer.freshDatabase()))
    simulator = Simulator(try unsynced(scenario), loader: Loader(connection: database))
    try await simulator.loadAll()
  }

  func advance() async throws { try await control("advance") }

  /// Of every connection.
  func sync() async throws { try await control("sync") }

  private func control(_ path: String, _ body: String = "") async throws {
    let answer = await simulator.respond(to: request("POST", "/simulator/\(path)", body))
    if answer.status != 200 { throw Refused(description: answer.body) }
  }

  @discardableResult
  func call(_ method: String, _ path: String, _ body: String = "") async throws -> APIResponse {
    let answer = await simulator.respond(to: request(method, shop + path, body))
    if answer.status != 200 { throw Refused(description: answer.body) }
    return answer
  }

  func patch(_ path: String, _ body: String) async throws { try await call("PATCH", "/schemas/public\(path)", body) }

  /// `name type`, in their order.
  func columns(_ schema: String, _ table: String) async throws -> [String] {
    try await rows(
      """
      SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """, schema, table)
  }

  /// Columns of the primary key.
  func key(_ schema: String, _ table: String) async throws -> String {
    try await rows(
      """
      SELECT a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      WHERE n.nspname = $1 AND c.relname = $2 AND k.contype = 'p' ORDER BY array_position(k.conkey, a.attnum)
      """, schema, table
    ).joined(separator: ",")
  }

  func count(_ what: String) async throws -> Int {
    Int(try await rows("SELECT count(*)::text FROM \(what)").first ?? "") ?? -1
  }

  private func rows(_ sql: String, _ parameters: String...) async throws -> [String] {
    try await database.query(sql, parameters: parameters).rows.compactMap { $0.first ?? nil }
  }

  private struct Refused: Error { var description: String }
}
