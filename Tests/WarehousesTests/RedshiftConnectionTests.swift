import DriftCore
import PostgreSQL
import TestSupport
import Testing
import Warehouses

/// Redshift by libpq: what is lost with the connection, and what the server says.
@Suite struct RedshiftConnectionTests {
  @Test func aStatementAndItsLineAreOneTransaction() async throws {
    let fake = try freshRedshift(counted: true)
    #expect(try await byConnection(fake).execute(redshiftInsert) == .done(row: nil))
    let sent = fake.change { $0.texts }
    let place = try #require(sent.firstIndex(of: redshiftInsert.text))
    #expect(sent[place - 2].hasPrefix("BEGIN"))
    #expect(sent[place - 1].hasPrefix("DROP TABLE \"mooring\".\"claim_"))
    #expect(sent[place + 1].hasPrefix("INSERT INTO \"mooring\".\"ledger\""))
    #expect(sent[place + 2] == "COMMIT")
    #expect(sent.count <= statements.count, "each is lost once below")
  }

  /// The server is lost at one statement, whichever, before or after it ran.
  @Test(arguments: statements, [ServiceFault.Kind.loseRequest, .loseAnswer])
  func whereverTheConnectionIsLostTheStepTakesEffectOnce(statement: Int, loss: ServiceFault.Kind) async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("", loss, after: statement)] }
    _ = try? await byConnection(fake).execute(redshiftInsert)
    fake.change {
      $0.faults = []
      // Long enough for a claim without a statement to be taken over.
      $0.engine.now += 700_000_000
    }
    _ = try await byConnection(fake).execute(redshiftInsert)
    #expect(try await byConnection(fake).execute(redshiftInsert) == .alreadyDone)
    #expect(redshiftCount(fake) == 1)
    #expect(try await byConnection(fake).ledger().map(\.state) == [.done])
    #expect(redshiftClaims(fake).isEmpty)
    #expect(fake.violations == [])
  }

  @Test func whatWasLostBeforeItsCommitTookNoEffectAndRunsAtOnceTheNextTime() async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .loseAnswer)] }
    let error = await #expect(throws: ServiceError.self) { try await byConnection(fake).execute(redshiftInsert) }
    #expect(error?.kind == .unavailable)
    #expect(redshiftCount(fake) == 0)
    #expect(try await byConnection(fake).execute(redshiftInsert) == .done(row: nil), "no claim is waited for")
    #expect(redshiftCount(fake) == 1)
  }

  @Test func aCommitWhoseAnswerWasLostIsLookedUp() async throws {
    let fake = try freshRedshift(counted: true)
    // BEGIN names READ COMMITTED; the first two are those of the ledger.
    fake.change { $0.faults = [ServiceFault("COMMIT", .loseAnswer, after: 3)] }
    #expect(try await byConnection(fake).execute(redshiftInsert) == .alreadyDone)
    #expect(redshiftCount(fake) == 1)
    #expect(try await byConnection(fake).ledger().map(\.state) == [.done])
    let lines = Collected<String>()
    try await byConnection(fake).audit { lines.append($0) }
    #expect(lines.values.count { $0.contains("\"step.done\"") } == 1, "its record is written in the same run")
  }

  @Test(arguments: statements)
  func aLengthChangesOnceThoughNoTransactionTakesIt(statement: Int) async throws {
    let fake = try freshRedshift()
    try fake.administer("CREATE TABLE crm.account (name VARCHAR(40))")
    fake.change { $0.faults = [ServiceFault("", .loseAnswer, after: statement)] }
    _ = try? await byConnection(fake).execute(redshiftResize)
    fake.change {
      $0.faults = []
      $0.engine.now += 700_000_000
    }
    _ = try await byConnection(fake).execute(redshiftResize)
    #expect(try await byConnection(fake).execute(redshiftResize) == .alreadyDone)
    #expect(fake.change { $0.engine.effects } == ["crm.account"])
    #expect(try await byConnection(fake).ledger().map(\.state) == [.done])
    #expect(redshiftClaims(fake).isEmpty)
  }

  @Test func aCancelledTaskEndsItsStatement() async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .stayAtIt(1))] }
    let warehouse = try byConnection(fake)
    let task = Task { try await warehouse.execute(redshiftInsert) }
    try await fake.taken.heard(redshiftInsert.text)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(redshiftCount(fake) == 0)
    #expect(try await byConnection(fake).ledger().isEmpty)
  }

  @Test(
    arguments: [
      ("57014", "canceled by statement timeout", ServiceError.Kind.timedOut, "it took longer than allowed"),
      ("57014", "Query (7) canceled on user's request", .cancelled, "the next run tries again"),
      ("40001", "1023 DETAIL: Serializable isolation violation on table - 100", .conflict, "the next run tries again"),
      ("42501", "permission denied for relation account", .forbidden, "docs/warehouses.md"),
      ("42501", "must be owner of relation account", .forbidden, "docs/warehouses.md"),
      ("XX000", "could not open relation with OID 100", .missing, "check the name"),
      (
        "2BP01", "cannot drop table account column a because other objects depend on it", .dependants,
        "change that first"
      ),
      ("23502", "a message that nobody knows", .notEmpty, "fill the column first"),
      ("XX000", "a message that nobody knows", .refused, ""),
    ] as [(String, String, ServiceError.Kind, String)])
  func whatTheServerSaysHasANameAndAWayOut(
    state: String, message: String, kind: ServiceError.Kind, hint: String
  ) async throws {
    let fake = try freshRedshift(counted: true)
    fake.change { $0.faults = [ServiceFault("INSERT INTO crm", .answer(0, headers: [state], body: message))] }
    let error = await #expect(throws: ServiceError.self) { try await byConnection(fake).execute(redshiftInsert) }
    #expect(error?.kind == kind)
    #expect(error?.code == state)
    #expect(hint.isEmpty || error?.description.contains(hint) == true, "\(error.map(String.init(describing:)) ?? "")")
    #expect(redshiftCount(fake) == 0)
    #expect(redshiftClaims(fake).isEmpty)
  }

  @Test func aPasswordThatIsNotTheUsersIsSaidWithoutIt() async throws {
    let fake = try freshRedshift()
    var address = fake.address
    address.password = Secret("hunter2")
    let wrong = address
    let error = await #expect(throws: ServiceError.self) { try await ServiceWarehouse.redshift { wrong }.ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("reading the ledger in 127.0.0.1/dev") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func aPasswordThatLibpqCannotProveIsNamedWithTheWayOut() async throws {
    let fake = try freshRedshift()
    fake.change { $0.keepsPasswordsAsSHA256 = true }
    let error = await #expect(throws: ServiceError.self) { try await byConnection(fake).ledger() }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("MD5") == true)
  }

  @Test func aPasswordIsAskedForBeforeEachConnection() async throws {
    let fake = try freshRedshift()
    let passwords = Collected<Int>()
    let warehouse = try ServiceWarehouse.redshift {
      passwords.append(1)
      return fake.address
    }
    try await warehouse.record(exampleEntry())
    #expect(passwords.values.count > 2)
  }

  @Test func aCatalogueLongerThanAPageComesWhole() async throws {
    let fake = try freshRedshift()
    for number in 1...700 { try fake.administer("CREATE TABLE crm.t\(number) (id INTEGER PRIMARY KEY, a VARCHAR)") }
    let tables = Collected<CatalogueTable>()
    try await byConnection(fake).catalogue(of: ["crm"]) { tables.append($0) }
    #expect(tables.values.count == 700)
    #expect(tables.values.allSatisfy { $0.columns.count == 2 && $0.uniqueKeys == [["id"]] })
  }
}

/// Of a step that runs on a new destination.
private let statements = 0..<36

private func byConnection(_ fake: FakeRedshift) throws -> ServiceWarehouse { try redshift(fake, by: .connection) }
