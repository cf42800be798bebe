import DriftCore
import PostgreSQL
import TestSupport
import Testing

@Suite struct PostgresConnectionTests {
  @Test func parametersAndNullsArriveAsTheyAreSent() async throws {
    let connection = try await connected()
    let result = try await connection.query(
      "SELECT $1::text AS a, $2::text AS b, $3::text AS c", parameters: ["it's \\ \"x\"", nil, ""])
    #expect(result.columns == ["a", "b", "c"])
    #expect(result.rows == [["it's \\ \"x\"", nil, ""]])
    #expect(result.commandTag == "SELECT 1")
    #expect(result.affectedRows == 1)
  }

  @Test func theSessionIsSetUpWhateverTheRolePrefers() async throws {
    let address = try await PostgresServer.freshAddress()
    let first = try await PostgresConnection.connect(to: address)
    _ = try await first.query(
      "ALTER DATABASE \(try quoteIdentifier(address.database)) SET TimeZone = 'Asia/Tokyo'")
    _ = try await first.query(
      "ALTER DATABASE \(try quoteIdentifier(address.database)) SET default_transaction_isolation = 'serializable'"
    )
    let second = try await PostgresConnection.connect(
      to: address, settings: PostgresSettings(applicationName: "it's us", lockTimeout: .seconds(3)))
    let names = [
      "TimeZone", "lock_timeout", "search_path", "client_encoding", "application_name",
      "standard_conforming_strings", "idle_in_transaction_session_timeout",
    ]
    let result = try await second.query(
      "SELECT " + names.map { "current_setting('\($0)')" }.joined(separator: ", "))
    #expect(
      result.rows == [["UTC", "3s", "pg_catalog", "UTF8", "it's us", "on", "1min"]])
    let isolation = try await second.transaction {
      try $0.query("SELECT current_setting('transaction_isolation')").rows
    }
    #expect(isolation == [["read committed"]])
  }

  @Test func aSecondStatementIsRefused() async throws {
    let connection = try await connected()
    await #expect(throws: (any Error).self) { try await connection.query("SELECT 1; SELECT 2") }
    await #expect(throws: (any Error).self) { try await connection.query("SELECT 'a\0b'") }
    #expect(try await connection.query("SELECT 1").rows == [["1"]])
  }

  @Test func whatTheServerSaysComesApart() async throws {
    let connection = try await connected()
    _ = try await connection.query("CREATE TABLE public.a (id integer PRIMARY KEY)")
    _ = try await connection.query("INSERT INTO public.a VALUES (1)")
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("INSERT INTO public.a VALUES (1)")
    }
    #expect(error?.kind == .server)
    #expect(error?.sqlState == "23505")
    #expect(error?.message == "duplicate key value violates unique constraint \"a_pkey\"")
    #expect(error?.detail == "Key (id)=(1) already exists.")
  }

  @Test func rowsAreStreamedInOrder() async throws {
    let connection = try await connected()
    let seen = Collected<String?>()
    try await connection.stream(
      "SELECT generate_series(1, $1::integer)", parameters: ["5000"]
    ) { seen.append($0[0]) }
    #expect(seen.values == (1...5000).map { "\($0)" })
  }

  @Test(.timeLimit(.minutes(5)))
  func aReaderThatThrowsEndsTheStreamAndKeepsTheConnection() async throws {
    struct Enough: Error {}
    let connection = try await connected()
    await #expect(throws: Enough.self) {
      try await connection.stream("SELECT generate_series(1, 100000000000)") { row in
        if row[0] == "10" { throw Enough() }
      }
    }
    #expect(try await connection.query("SELECT 1").rows == [["1"]])
  }

  @Test func anErrorInTheMiddleOfAStreamIsThrown() async throws {
    let connection = try await connected()
    let seen = Collected<String?>()
    let error = await #expect(throws: PostgresError.self) {
      try await connection.stream("SELECT 1 / (3 - n) FROM generate_series(1, 5) n") {
        seen.append($0[0])
      }
    }
    #expect(error?.sqlState == "22012")
    #expect(seen.values == ["0", "1"])
  }

  @Test(.timeLimit(.minutes(5))) func cancellingTheTaskCancelsTheStatement() async throws {
    let address = try await PostgresServer.freshAddress()
    let connection = try await PostgresConnection.connect(to: address)
    let task = Task { try await connection.query("SELECT pg_sleep(600)") }
    try await waitForStatement("pg_sleep(600)", in: address)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await connection.query("SELECT 1").rows == [["1"]])
  }

  @Test func aCancelledTaskSendsNothing() async throws {
    let connection = try await connected()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await connection.query("CREATE TABLE public.a (id integer)")
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await connection.query("SELECT to_regclass('public.a')::text").rows == [[nil]])
  }

  @Test func aTransactionThatThrowsLeavesNothing() async throws {
    struct Problem: Error {}
    let connection = try await connected()
    await #expect(throws: Problem.self) {
      try await connection.transaction { session in
        _ = try session.query("CREATE TABLE public.a (id integer)")
        throw Problem()
      }
    }
    #expect(try await connection.query("SELECT to_regclass('public.a')::text").rows == [[nil]])
  }

  @Test func aSwallowedErrorCannotPassForACommit() async throws {
    let connection = try await connected()
    let error = await #expect(throws: PostgresError.self) {
      try await connection.transaction { session in
        _ = try session.query("CREATE TABLE public.a (id integer)")
        do { _ = try session.query("SELECT 1 / 0") } catch {}
      }
    }
    #expect(error?.kind == .transactionEnded)
    #expect(try await connection.query("SELECT to_regclass('public.a')::text").rows == [[nil]])
  }

  @Test func aLockHeldElsewhereIsSaid() async throws {
    let address = try await PostgresServer.freshAddress()
    let holder = try await PostgresConnection.connect(to: address)
    _ = try await holder.query("CREATE TABLE public.a (id integer)")
    _ = try await holder.query("BEGIN")
    _ = try await holder.query("LOCK TABLE public.a")
    let other = try await PostgresConnection.connect(
      to: address, settings: PostgresSettings(lockTimeout: .milliseconds(20)))
    let error = await #expect(throws: PostgresError.self) {
      try await other.query("SELECT * FROM public.a")
    }
    #expect(error?.kind == .lockTimeout)
  }

  @Test func aTimeLimitIsNotACancelledTask() async throws {
    let connection = try await PostgresConnection.connect(
      to: try await PostgresServer.freshAddress(),
      settings: PostgresSettings(statementTimeout: .milliseconds(200)))
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("SELECT pg_sleep(600)")
    }
    #expect(error?.kind == .cancelled)
  }

  @Test func aKilledBackendIsALostConnection() async throws {
    let connection = try await connected()
    #expect(await connection.isUsable)
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
    }
    #expect(error?.kind == .connection)
    #expect(error?.sqlState == "57P01")
    #expect(await !connection.isUsable)
    let after = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(after?.kind == .connection)
  }

  @Test func aCopyStreamDoesNotHang() async throws {
    let connection = try await connected()
    _ = try await connection.query("CREATE TABLE public.a (id integer)")
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("COPY public.a FROM STDIN")
    }
    #expect(error?.kind == .unreadable)
  }

  @Test func textThatIsNotUTF8IsAnErrorAndNotDamaged() async throws {
    let address = try await PostgresServer.freshAddress()
    let first = try await PostgresConnection.connect(to: address)
    let name = address.database + "_ascii"
    _ = try await first.query(
      "CREATE DATABASE \(name) TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'")
    var other = address
    other.database = name
    let connection = try await PostgresConnection.connect(to: other)
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("SELECT convert_from('\\xff'::bytea, 'SQL_ASCII')")
    }
    #expect(error?.sqlState == "22021")
  }

  @Test func nobodyListeningIsALostConnectionAndNamesNoPassword() async throws {
    let address = try PostgresAddress("postgres://u:hunter2@127.0.0.1:1/d")
    let error = await #expect(throws: PostgresError.self) {
      try await PostgresConnection.connect(to: address)
    }
    #expect(error?.kind == .connection)
    #expect(error.map { "\($0)".contains("hunter2") } == false)
  }

  @Test func afterClosingNothingIsAskedAnyMore() async throws {
    let connection = try await connected()
    await connection.close()
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(error?.kind == .connection)
  }

  @Test(.timeLimit(.minutes(5))) func connectionsThatAreDroppedLeaveTheServer() async throws {
    let address = try await PostgresServer.freshAddress()
    for _ in 0..<20 { _ = try await PostgresConnection.connect(to: address) }
    let watcher = try await PostgresConnection.connect(to: address)
    var others = "?"
    // The server notices that a client went when it reads next: that is soon, not at once.
    for _ in 0..<10_000 where others != "0" {
      let result = try await watcher.query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
      )
      others = result.rows.first?.first.flatMap { $0 } ?? "?"
    }
    #expect(others == "0")
  }
}

private func connected() async throws -> PostgresConnection {
  try await PostgresConnection.connect(to: try await PostgresServer.freshAddress())
}
