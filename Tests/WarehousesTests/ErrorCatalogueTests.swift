import DriftCore
import JSON
import PostgreSQL
import TestSupport
import Testing
import Warehouses

/// What goes wrong at every warehouse alike, and the name that each gives it.
@Suite struct ErrorCatalogueTests {
  @Test(arguments: AnsweredError.all)
  func whatAServiceSaysHasANameAndAWayOut(answered: AnsweredError) async throws {
    let faked = try answered.kind.make()
    faked.meet(always(answered.fault))
    let error = await #expect(throws: ServiceError.self) { try await faked.warehouse.execute(faked.insert) }
    #expect(error?.kind == answered.expected, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("\n  hint: ") == true)
    #expect(faked.count() == 0)
    #expect(try await faked.warehouse.ledger().isEmpty)
  }

  @Test(arguments: FakedKind.allCases)
  func aLockHeldBySomebodyElseLeavesTheTableUntouched(kind: FakedKind) async throws {
    let faked = try kind.make()
    faked.lock(true)
    let error = await #expect(throws: ServiceError.self) { try await faked.warehouse.execute(faked.insert) }
    #expect(error?.kind == .conflict)
    #expect(error?.description.contains("the next run tries again") == true)
    #expect(faked.count() == 0)
    faked.lock(false)
    #expect(try await faked.warehouse.execute(faked.insert) == .done(row: nil))
    #expect(faked.count() == 1)
  }

  @Test(arguments: FakedKind.allCases)
  func aTableDroppedBetweenPlanAndApplyIsNamed(kind: FakedKind) async throws {
    let faked = try kind.make()
    try faked.administer("DROP TABLE crm.counted")
    let error = await #expect(throws: ServiceError.self) { try await faked.warehouse.execute(faked.insert) }
    #expect(error?.kind == .missing)
    #expect(error?.description.lowercased().contains("counted") == true)
    #expect(error?.description.contains("check the name") == true)
    #expect(try await faked.warehouse.ledger().isEmpty)
  }

  /// A right that is lost takes a schema out of sight. That is no error, and the others come whole.
  @Test(arguments: FakedKind.allCases)
  func aSchemaThatMayNotBeKnownOfHidesNoOther(kind: FakedKind) async throws {
    let faked = try kind.make()
    let schemas = ["crm", "secret"].map { kind == .snowflake ? $0.uppercased() : $0 }
    faked.change { $0.schemas.insert(schemas[1]) }
    try faked.administer("CREATE TABLE secret.a (n INTEGER)")
    for (hidden, shown) in [([], schemas), ([schemas[1]], [schemas[0]]), (schemas, [])] as [([String], [String])] {
      faked.change { $0.hidden = Set(hidden) }
      let found = Collected<String>()
      try await faked.warehouse.catalogue(of: schemas) { found.append($0.name.schema) }
      #expect(found.values == shown)
    }
  }

  @Test(
    arguments: [
      ("ALTER TABLE crm.account EXPLODE", "correct up.sql"),
      ("DELETE FROM crm.account; DELETE FROM crm.account", "correct up.sql"),
      ("ALTER TABLE crm.absent ADD COLUMN tier text", "somebody dropped or renamed it"),
      ("ALTER TABLE crm.account DROP COLUMN nowhere", "somebody dropped or renamed it"),
      ("ALTER TABLE crm.account ADD COLUMN name text", "somebody else has made it"),
      ("ALTER TABLE crm.account ALTER COLUMN name TYPE integer", "a new column and a copy"),
      ("ALTER TABLE crm.account ALTER COLUMN name TYPE varchar(2)", "a value does not fit"),
      ("ALTER TABLE crm.account ALTER COLUMN amount SET NOT NULL", "fill the column first"),
      ("ALTER TABLE crm.account ALTER COLUMN shown TYPE varchar(9)", "a view or key depends on it"),
      ("ALTER TABLE crm.account DROP COLUMN shown", "a view or key depends on it"),
      ("ALTER TABLE crm.account ADD PRIMARY KEY (name)", "rows share the key"),
    ])
  func whatPostgresRefusesHasAWayOut(statement: String, hint: String) async throws {
    let (address, administrator) = try await freshDestination()
    for text in [
      "CREATE TABLE crm.account (name text, amount integer, shown text)",
      "INSERT INTO crm.account VALUES ('abc'), ('abc')", "CREATE VIEW crm.v AS SELECT shown FROM crm.account",
    ] { _ = try await administrator.query(text) }
    let warehouse = PostgresWarehouse(address: address)
    let error = await #expect(throws: WarehouseError.self) {
      try await warehouse.execute(MergedStatement(text: statement, entry: exampleEntry()))
    }
    #expect(error?.description.contains(hint) == true, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("CASCADE") == false)
    #expect(try await warehouse.ledger().isEmpty)
    #expect(try await administrator.query("SELECT count(*) FROM crm.account").rows == [["2"]])
  }

  @Test func aUserThatPostgresDoesNotTakeIsNoServerThatIsAway() async throws {
    var (address, _) = try await freshDestination()
    address.user = "nobody_of_this_name"
    let warehouse = PostgresWarehouse(address: address)
    let error = await #expect(throws: WarehouseError.self) { try await warehouse.ledger() }
    #expect(error?.cause.kind == .unauthorized)
    #expect(error?.description.contains("check the user and the password") == true)
  }
}

/// A warehouse before its fake, with table `crm.counted`.
struct FakedWarehouse: Sendable {
  let warehouse: ServiceWarehouse
  let administer: @Sendable (String) throws -> Void
  let meet: @Sendable ([ServiceFault]) -> Void
  /// Somebody else takes the table, or gives it back.
  let lock: @Sendable (Bool) -> Void
  let change: @Sendable ((inout MemoryWarehouse) -> Void) -> Void
  let insert = MergedStatement(text: "INSERT INTO crm.counted VALUES (1)", entry: exampleEntry())

  func count() -> Int? {
    var count: Int?
    change { engine in count = engine.tables.first { $0.key[1].lowercased() == "counted" }?.value.rows.count }
    return count
  }
}

enum FakedKind: CaseIterable, Sendable {
  case bigQuery, databricks, redshift, redshiftConnection, snowflake

  func make() throws -> FakedWarehouse {
    switch self {
    case .bigQuery:
      let fake = try freshBigQuery(counted: true)
      let held = AnsweredError.bigQuery("invalidQuery", "Could not serialize access due to concurrent update")
      return FakedWarehouse(
        warehouse: try TestedWarehouses.bigQuery(fake), administer: { try fake.administer($0) },
        meet: { faults in fake.change { $0.faults = faults } },
        lock: { isHeld in fake.change { $0.faults = isHeld ? always(held) : [] } },
        change: { work in fake.change { work(&$0.engine) } })
    case .databricks:
      let fake = try freshDatabricks(counted: true)
      let held = AnsweredError.databricks("2D521", "[DELTA_METADATA_CHANGED] changed by a concurrent update")
      return FakedWarehouse(
        warehouse: try TestedWarehouses.databricks(fake), administer: { try fake.administer($0) },
        meet: { faults in fake.change { $0.faults = faults } },
        lock: { isHeld in
          fake.change { state in
            state.faults = isHeld ? always(held) : []
            // The fake keeps no history of what it was told to refuse: later, nobody is taken to be at it.
            state.engine.now += isHeld ? 0 : 700_000_000
          }
        },
        change: { work in fake.change { work(&$0.engine) } })
    case .redshift, .redshiftConnection:
      let fake = try freshRedshift(counted: true)
      return FakedWarehouse(
        warehouse: try TestedWarehouses.redshift(fake, by: self == .redshift ? .dataAPI : .connection),
        administer: { try fake.administer($0) }, meet: { faults in fake.change { $0.faults = faults } },
        lock: { isHeld in fake.change { $0.lockedTable = isHeld ? "crm.counted" : nil } },
        change: { work in fake.change { work(&$0.engine) } })
    case .snowflake:
      let fake = try freshSnowflake()
      try fake.administer("CREATE TABLE crm.counted (n INTEGER)")
      let held = AnsweredError.snowflake("000625", "57014", "statement waited for a lock and has aborted")
      return FakedWarehouse(
        warehouse: try TestedWarehouses.snowflake(fake), administer: { try fake.administer($0) },
        meet: { faults in fake.change { $0.faults = faults } },
        lock: { isHeld in
          fake.change { state in
            state.faults = isHeld ? always(held) : []
            // The fake keeps no history of what it was told to refuse: later, nobody is taken to be at it.
            state.engine.now += isHeld ? 0 : 700_000_000
          }
        },
        change: { work in fake.change { work(&$0.engine) } })
    }
  }
}

/// However often a driver asks.
private func always(_ fault: ServiceFault.Kind) -> [ServiceFault] {
  Array(repeating: ServiceFault("INSERT INTO crm.counted", fault), count: 60)
}

/// The helpers of the warehouses' own tests, whose names a case of `FakedKind` would hide.
private enum TestedWarehouses {
  static func bigQuery(_ fake: FakeBigQuery) throws -> ServiceWarehouse { try WarehousesTests.bigQuery(fake) }
  static func databricks(_ fake: FakeDatabricks) throws -> ServiceWarehouse { try WarehousesTests.databricks(fake) }
  static func snowflake(_ fake: FakeSnowflake) throws -> ServiceWarehouse { try WarehousesTests.snowflake(fake) }
  static func redshift(_ fake: FakeRedshift, by way: RedshiftWay) throws -> ServiceWarehouse {
    try WarehousesTests.redshift(fake, by: way)
  }
}

/// What a service answers to a statement, and what that is.
struct AnsweredError: Sendable, CustomTestStringConvertible {
  var kind: FakedKind
  var fault: ServiceFault.Kind
  var expected: ServiceError.Kind
  var testDescription: String { "\(kind): \(expected)" }

  static let all: [AnsweredError] = onSnowflake + onBigQuery + onDatabricks

  private static let onSnowflake: [AnsweredError] =
    [
      (snowflake("001003", "42000", "SQL compilation error: syntax error line 1"), .syntax),
      (snowflake("000008", "0A000", "Actual statement count 2 did not match the desired statement count 1."), .syntax),
      (snowflake("391911", "", "USE is not supported by the SQL API"), .syntax),
      (snowflake("002003", "42S02", "Table 'T' does not exist or not authorized."), .missing),
      (snowflake("000904", "42000", "invalid identifier 'C'"), .missing),
      (snowflake("001430", "42601", "column 'C' already exists"), .exists),
      (snowflake("002057", "22000", "cannot change column C from type NUMBER to VARCHAR"), .typeChange),
      (snowflake("002264", "", "Non-nullable column 'C' cannot be added to non-empty table 'T'."), .notEmpty),
      (snowflake("000604", "57014", "SQL execution canceled"), .cancelled),
      (snowflake("000630", "57014", "Statement reached its timeout", status: 408), .outcomeUnknown),
      (snowflake("390144", "", "JWT token is invalid.", status: 401), .unauthorized),
      (snowflake("390186", "", "Role 'R' is not granted to this user.", status: 400), .forbidden),
    ].map { (fault: ServiceFault.Kind, expected: ServiceError.Kind) in
      AnsweredError(kind: .snowflake, fault: fault, expected: expected)
    }

  private static let onBigQuery: [AnsweredError] =
    [
      (bigQuery("invalidQuery", "Syntax error: Unexpected identifier at [1:1]"), .syntax),
      (bigQuery("notFound", "Not found: Table p:crm.t", status: 404), .missing),
      (bigQuery("invalidQuery", "Unrecognized name: c at [1:8]"), .missing),
      (bigQuery("accessDenied", "Access Denied: Table p:crm.t", status: 403), .forbidden),
      (bigQuery("invalidQuery", "Column `c` already exists"), .exists),
      (bigQuery("invalidQuery", "existing column type (INT64) is assignable to the new type (STRING)"), .typeChange),
      (
        bigQuery("rateLimitExceeded", "Exceeded rate limits: too many table update operations", status: 403),
        .rateLimited
      ),
      (bigQuery("jobTimeout", "Operation timed out"), .timedOut),
      (bigQuery("stopped", "Job execution was cancelled: User requested cancellation"), .cancelled),
      (bigQuery("authError", "Request had invalid authentication credentials.", status: 401), .unauthorized),
    ].map { (fault: ServiceFault.Kind, expected: ServiceError.Kind) in
      AnsweredError(kind: .bigQuery, fault: fault, expected: expected)
    }

  private static let onDatabricks: [AnsweredError] =
    [
      (databricks("42601", "[PARSE_SYNTAX_ERROR] Syntax error at or near 'EXPLODE'"), .syntax),
      (databricks("42P01", "[TABLE_OR_VIEW_NOT_FOUND] The table `t` cannot be found"), .missing),
      (databricks("42703", "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column cannot be resolved"), .missing),
      (databricks("42710", "[FIELD_ALREADY_EXISTS] Cannot add column `c`"), .exists),
      (databricks("0A000", "[DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP] not supported"), .typeChange),
      (databricks("0A000", "[NOT_SUPPORTED_CHANGE_COLUMN] not supported"), .typeChange),
      (databricks("42501", "[INSUFFICIENT_PERMISSIONS] User does not have MODIFY"), .forbidden),
      (databricks("", "cancelled by its owner", state: "CANCELED"), .cancelled),
      (.answer(401, body: #"{"error_code": "UNAUTHENTICATED", "message": "Token is expired."}"#), .unauthorized),
    ].map { (fault: ServiceFault.Kind, expected: ServiceError.Kind) in
      AnsweredError(kind: .databricks, fault: fault, expected: expected)
    }

  static func snowflake(_ code: String, _ state: String, _ message: String, status: Int = 422) -> ServiceFault.Kind {
    let body: JSONValue = ["code": .string(code), "sqlState": .string(state), "message": .string(message)]
    return .answer(status, body: body.text)
  }

  static func bigQuery(_ reason: String, _ message: String, status: Int = 400) -> ServiceFault.Kind {
    let first: JSONValue = ["reason": .string(reason), "message": .string(message)]
    let body: JSONValue = ["error": ["code": JSONValue(status), "message": .string(message), "errors": [first]]]
    return .answer(status, body: body.text)
  }

  static func databricks(_ sqlState: String, _ message: String, state: String = "FAILED") -> ServiceFault.Kind {
    let status: JSONValue = [
      "state": .string(state), "sql_state": .string(sqlState),
      "error": ["error_code": "BAD_REQUEST", "message": .string(message)],
    ]
    let body: JSONValue = ["statement_id": "01ed", "status": status]
    return .answer(200, body: body.text)
  }
}
