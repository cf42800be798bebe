import DriftCore
import PostgreSQL
import TestSupport
import Transport
import Warehouses

/// Every warehouse. One that is added does not compile until it has a ground to stand on.
enum CutWarehouse: String, Sendable, CaseIterable {
  case bigquery, databricks, postgres, redshift, snowflake

  var dialect: Dialect {
    switch self {
    case .bigquery: .bigQuery
    case .databricks: .databricks
    case .postgres: .postgres
    case .redshift: .redshift
    case .snowflake: .snowflake
    }
  }

  /// With the tables of the scene, and nothing else.
  func ground(for scene: CutScene) async throws -> any CutGround {
    switch self {
    case .bigquery: try CutService(bigQuery: FakeBigQuery(key: sharedKey), scene)
    case .databricks: try CutService(databricks: FakeDatabricks(), scene)
    case .postgres: try await CutPostgres(scene)
    case .redshift: try CutService(redshift: FakeRedshift(), scene)
    case .snowflake: try CutService(snowflake: FakeSnowflake(key: sharedKey), scene)
    }
  }
}

/// Making one takes a while.
private let sharedKey = RSAKey()

/// What outlives a process: the destination.
protocol CutGround: Sendable {
  /// As a new process has it.
  func warehouse(_ scissors: Scissors) async throws -> any Warehouse & AuditLog & Leases
  /// How often the statement took effect.
  func effects() async throws -> Int
  /// So long that nothing is waited for that nobody is at.
  func passTime() async throws
  /// What a driver asked for that its service does not document.
  var violations: [String] { get }
}

/// One of the services, in memory.
struct CutService: CutGround {
  private let scene: CutScene
  private let driver: @Sendable (any HTTPTransport) throws -> ServiceWarehouse
  private let change: @Sendable ((inout MemoryWarehouse) throws -> Void) throws -> Void
  private let found: @Sendable () -> [String]

  var violations: [String] { found() }

  private init(
    _ scene: CutScene, change: @escaping @Sendable ((inout MemoryWarehouse) throws -> Void) throws -> Void,
    violations: @escaping @Sendable () -> [String],
    driver: @escaping @Sendable (any HTTPTransport) throws -> ServiceWarehouse
  ) throws {
    (self.scene, self.change, self.driver, found) = (scene, change, driver, violations)
    try change { engine in
      engine.schemas = [scene.landed.schema, scene.target.schema]
      for text in try scene.makingTables() { _ = try engine.run(text) }
      if let text = scene.statements.first { engine.watch(text, playing: scene.effect) }
    }
  }

  init(bigQuery fake: FakeBigQuery, _ scene: CutScene) throws {
    try self.init(scene, change: { work in try fake.change { try work(&$0.engine) } }, violations: { fake.violations })
    {
      try ServiceWarehouse.bigQuery(
        BigQuerySettings(
          project: FakeBigQuery.project, location: "EU", credentials: Secret(fake.credentials()), url: fake.url),
        transport: $0, clock: ImmediateClock(), now: { fake.now })
    }
  }

  init(databricks fake: FakeDatabricks, _ scene: CutScene) throws {
    try self.init(scene, change: { work in try fake.change { try work(&$0.engine) } }, violations: { fake.violations })
    {
      try ServiceWarehouse.databricks(
        DatabricksSettings(
          host: "dbc-1.cloud.databricks.com", warehouse: FakeDatabricks.warehouse, catalog: FakeDatabricks.catalog,
          clientID: FakeDatabricks.clientID, secret: Secret(FakeDatabricks.secret), url: fake.url),
        transport: $0, clock: ImmediateClock(), now: { fake.now })
    }
  }

  init(redshift fake: FakeRedshift, _ scene: CutScene) throws {
    try self.init(scene, change: { work in try fake.change { try work(&$0.engine) } }, violations: { fake.violations })
    {
      try ServiceWarehouse.redshift(
        RedshiftSettings(
          region: FakeRedshift.region, target: .workgroup(FakeRedshift.workgroup), database: FakeRedshift.database,
          url: fake.url,
          credentials: {
            AWSCredentials(accessKey: FakeRedshift.accessKey, secretKey: Secret(FakeRedshift.secretKey))
          }),
        transport: $0, clock: ImmediateClock(), now: { fake.now })
    }
  }

  init(snowflake fake: FakeSnowflake, _ scene: CutScene) throws {
    try self.init(scene, change: { work in try fake.change { try work(&$0.engine) } }, violations: { fake.violations })
    {
      try ServiceWarehouse.snowflake(
        SnowflakeSettings(
          account: "acme-prod", user: "mooring", key: Secret(fake.key.pem), passphrase: nil, role: "MOORING_ROLE",
          warehouse: "WH", database: FakeSnowflake.database, url: fake.url),
        transport: $0, clock: ImmediateClock(), now: { fake.now })
    }
  }

  func warehouse(_ scissors: Scissors) async throws -> any Warehouse & AuditLog & Leases {
    let statement = scene.statements.first
    let service = try driver(CutTransport(inner: try LiveTransport(), scissors: scissors, statement: statement))
    return statement == nil ? CutPort(inner: service, scissors: scissors) : service
  }

  func effects() async throws -> Int {
    var count = 0
    try change { engine in count = scene.statements.first.map { engine.effects(of: $0) } ?? 0 }
    return count
  }

  func passTime() async throws { try change { $0.now += 700_000_000 } }
}

extension CutScene {
  /// What its statement does, where the tables in memory do not read such statements themselves.
  fileprivate var effect: (@Sendable (inout MemoryWarehouse) -> Void)? {
    let name = [target.schema, target.name]
    switch change.actions.first?.kind {
    case .dropView: return { $0.tables[name] = nil }
    case .copyColumn, .commentColumn, .commentTable, .addPrimaryKey, .dropPrimaryKey, .renameTable, .replaceView,
      .grant, .backfill:
      return { _ in }
    case .addColumn, .setType, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, nil: return nil
    }
  }
}

/// The real PostgreSQL, in a database of its own. It counts what takes effect, and ends connections when told to.
struct CutPostgres: CutGround {
  private let scene: CutScene
  private let address: PostgresAddress
  private let administrator: PostgresConnection
  private let counter: EffectCounter
  let violations: [String] = []

  init(_ scene: CutScene) async throws {
    self.scene = scene
    address = try await PostgresServer.freshAddress()
    administrator = try await PostgresConnection.connect(to: address)
    for schema in [scene.landed.schema, scene.target.schema] {
      _ = try await administrator.query("CREATE SCHEMA \(schema)")
    }
    for text in try scene.makingTables() { _ = try await administrator.query(text) }
    _ = try await administrator.query(
      """
      CREATE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS \
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
      """)
    counter = try await EffectCounter(administrator)
    guard ["copy_column", "backfill"].contains(scene.change.actions.first?.kind.rawValue) else { return }
    // One row, so that every update of it counts.
    let (landed, target) = (try scene.dialect.quote(scene.landed), try scene.dialect.quote(scene.target))
    _ = try await administrator.query("INSERT INTO \(landed) (id, tier) VALUES ('1', 'gold')")
    let required = scene.columns.filter(\.isRequired).map(\.name.text)
    let values = required.map { _ in "'1'" } + ["1.5"]
    _ = try await administrator.query(
      "INSERT INTO \(target) (\((required + ["old_amount"]).joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))"
    )
    try await counter.countRows(of: target)
  }

  func warehouse(_ scissors: Scissors) async throws -> any Warehouse & AuditLog & Leases {
    let inner = PostgresWarehouse(address: address)
    // The ledger must be there before it can be watched.
    _ = try await inner.append([])
    _ = try await administrator.query("DROP TRIGGER IF EXISTS cut ON mooring.ledger")
    _ = try await administrator.query("DROP TRIGGER IF EXISTS cut ON mooring.audit")
    let isDone = "FOR EACH ROW WHEN (NEW.step = 1 AND NEW.state = 'done') EXECUTE FUNCTION public.cut()"
    if !scene.statements.isEmpty {
      switch scissors.point {
      case .beforeAnswer:
        _ = try await administrator.query("CREATE TRIGGER cut BEFORE INSERT ON mooring.ledger \(isDone)")
      case .beforeRecord:
        _ = try await administrator.query(
          """
          CREATE TRIGGER cut BEFORE INSERT ON mooring.audit FOR EACH ROW \
          WHEN (NEW.line LIKE '%"event":"step.done"%') EXECUTE FUNCTION public.cut()
          """)
      case .beforeLine:
        _ = try await administrator.query(
          "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON mooring.ledger DEFERRABLE INITIALLY DEFERRED \(isDone)")
      case .beforeAct, .afterLine, nil: break
      }
    }
    return CutPort(inner: inner, scissors: scissors, endsOnFailure: !scene.statements.isEmpty)
  }

  func effects() async throws -> Int { try await counter.effects(of: scene.statements.first ?? "") }

  /// A session that has ended holds nothing.
  func passTime() async throws {}
}
