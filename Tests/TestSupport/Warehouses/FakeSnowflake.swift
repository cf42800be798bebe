import Cryptography
package import DriftCore
import JSON
import Synchronization

/// A small Snowflake behind its SQL API, over real HTTP: tokens are verified, statements run on tables in memory, and the history
/// remembers them.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeSnowflake: Sendable {
  package struct State: Sendable {
    package var engine: MemoryWarehouse
    /// What tokens are held against.
    package var time = Timestamp(microseconds: 1_767_225_600_000_000)
    package var statements: [String: RememberedStatement] = [:]
    /// Handles in the order of their statements.
    package var order: [String] = []
    package var faults: [ServiceFault] = []
    /// Of every result.
    package var partitionSize = 1_000
    package var forbidsSchemas = false
    package var tokens: Set<String> = []
    package var violations: [String] = []
  }

  /// Tables of users are in this one.
  package static let database = "ANALYTICS_DB"

  package let key: RSAKey
  /// Rings for each statement that was taken.
  package let taken = StatementBell()
  private let state: Mutex<State>
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  package init(key: RSAKey = RSAKey()) throws {
    self.key = key
    state = Mutex(State(engine: MemoryWarehouse(.snowflake)))
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  package var url: String { server.withLock { $0?.url ?? "" } }
  package var requests: [LoopbackServer.Request] { server.withLock { $0?.requests ?? [] } }
  package var violations: [String] { state.withLock { $0.violations } }
  package var now: Timestamp { state.withLock { $0.time } }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  /// Runs a statement as somebody else.
  package func administer(_ text: String) throws { _ = try state.withLock { state in try state.engine.run(text) } }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    state.withLock { state in
      let problems = ForgeDocumentation.snowflake.problems(with: request)
      state.violations += problems
      if let problem = problems.first { return .json(400, ["code": "390400", "message": .string(problem)]) }
      if let problem = tokenProblem(request, &state) {
        return .json(401, ["code": "390144", "message": .string("JWT token is invalid. [\(problem)]")])
      }
      let parts = request.path.split(separator: "/").dropFirst(3).map(String.init)
      if request.method == "GET", parts.count == 1 { return look(at: parts[0], request, &state) }
      if parts.count == 2 {
        state.statements[parts[0]]?.isCancelled = true
        return .json(
          200, ["code": "000604", "message": "SQL execution canceled", "statementHandle": .string(parts[0])])
      }
      return submit(request, &state)
    }
  }

  private func tokenProblem(_ request: LoopbackServer.Request, _ state: inout State) -> String? {
    let token = request.header("authorization")?.dropFirst(7) ?? ""
    let parts = token.split(separator: ".").map(String.init)
    guard parts.count == 3, let signature = bytes(base64URL: parts[2]), let header = document(parts[0]),
      let claims = document(parts[1]), header["alg"]?.string == "RS256"
    else { return "it is no token" }
    guard key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8)) else { return "signature" }
    let fingerprint = base64(sha256(key.publicKey))
    guard claims["iss"]?.string == "ACME-PROD.MOORING.SHA256:\(fingerprint)",
      claims["sub"]?.string == "ACME-PROD.MOORING"
    else { return "issuer or subject" }
    guard let start = claims["iat"]?.int, let end = claims["exp"]?.int, end - start <= 3_600,
      start <= Int(state.time.seconds) + 60, end > Int(state.time.seconds)
    else { return "expired" }
    state.tokens.insert(String(token))
    return nil
  }

  private func document(_ part: String) -> JSONValue? { bytes(base64URL: part).flatMap { try? JSONValue.parse($0) } }

  private func submit(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    guard let body = try? JSONValue.parse(request.body), let text = body["statement"]?.string,
      body["database"]?.string == Self.database
    else { return .json(400, ["code": "390400", "message": "bad request"]) }
    let fault = state.faults.take(text)
    switch fault {
    case .answer(let status, let headers, let body): return .answer(status, headers, body: body)
    case .loseRequest: return .cut([])
    case .refuseToken: return .json(401, ["code": "390144", "message": "JWT token is invalid."])
    default: break
    }
    var bound: [String: String?] = [:]
    for member in body["bindings"]?.members ?? [] {
      guard let position = Int(member.name) else { continue }
      bound["\(position - 1)"] = .some(member.value["value"]?.string)
    }
    let handle = "01b\(state.order.count)-0000-aaaa"
    var statement = RememberedStatement(
      text: text, tag: body["parameters"]?["query_tag"]?.string ?? "", outcome: outcome(of: text, bound, &state))
    if case .stayAtIt(let looks) = fault { statement.looksLeft = looks }
    if case .halve = fault, case .success(var result) = statement.outcome {
      result.rows.removeLast()
      statement.outcome = .success(result)
    }
    taken.ring(text)
    state.statements[handle] = statement
    state.order.append(handle)
    if case .loseAnswer = fault { return .cut([]) }
    if case .answerAfter(let status) = fault { return .json(status, ["code": "000000", "message": "try again"]) }
    let isWaitedFor = request.parameter("async") != "true" && statement.looksLeft == 0
    let isHalf = if case .halve = fault { true } else { false }
    return isWaitedFor
      ? result(of: handle, state, partition: 0, announced: isHalf ? 1 : 0) : progress(of: handle)
  }

  private func look(at handle: String, _ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer
  {
    guard var statement = state.statements[handle] else {
      return .json(404, ["code": "390404", "message": "no such statement"])
    }
    if statement.isCancelled {
      return .json(422, ["code": "000604", "sqlState": "57014", "message": "SQL execution canceled"])
    }
    if statement.looksLeft > 0 {
      statement.looksLeft -= 1
      state.statements[handle] = statement
      return progress(of: handle)
    }
    return result(of: handle, state, partition: request.parameter("partition").flatMap { Int($0) } ?? 0, announced: 0)
  }

  private func progress(of handle: String) -> LoopbackServer.Answer {
    .json(
      202,
      [
        "code": "333334", "message": "Asynchronous execution in progress.", "statementHandle": .string(handle),
        "statementStatusUrl": .string("/api/v2/statements/\(handle)"),
      ])
  }

  private func result(of handle: String, _ state: State, partition: Int, announced: Int) -> LoopbackServer.Answer {
    switch state.statements[handle]?.outcome {
    case .failure(let refusal): return .json(422, refusal.snowflake(handle))
    case nil: return .json(404, ["code": "390404", "message": "no such statement"])
    case .success(let result):
      let size = state.partitionSize
      let parts = stride(from: 0, to: max(1, result.rows.count), by: size).map {
        Array(result.rows[$0..<min($0 + size, result.rows.count)])
      }
      guard parts.indices.contains(partition) else {
        return .json(400, ["code": "390400", "message": "no such partition"])
      }
      let data = JSONValue.array(
        parts[partition].map { .array($0.map { value in value.map { .string($0) } ?? .null }) })
      if partition > 0 { return .json(200, ["data": data]) }
      let types = result.columns.map { name -> JSONValue in ["name": .string(name), "type": "text", "nullable": true] }
      let infos = parts.map { part -> JSONValue in ["rowCount": JSONValue(part.count), "uncompressedSize": 40] }
      let metadata: JSONValue = [
        "numRows": JSONValue(result.rows.count + announced), "format": "jsonv2", "rowType": .array(types),
        "partitionInfo": .array(infos),
      ]
      return .json(
        200,
        [
          "resultSetMetaData": metadata, "data": data, "code": "090001", "sqlState": "00000",
          "message": "Statement executed successfully.", "statementHandle": .string(handle),
        ])
    }
  }

  private func outcome(
    of text: String, _ bound: [String: String?], _ state: inout State
  ) -> Result<MemoryWarehouse.Result, SQLRefusal> {
    let words = text.split(separator: " ").map { $0.uppercased() }
    if ["BEGIN", "COMMIT", "USE", "ROLLBACK"].contains(words.first) {
      return .failure(SQLRefusal(.syntax, "Unsupported feature"))
    }
    if words.starts(with: ["SHOW", "PRIMARY", "KEYS", "IN"]) { return .success(keys(text, state)) }
    if state.forbidsSchemas, words.starts(with: ["CREATE", "SCHEMA"]) {
      return .failure(
        SQLRefusal(
          .forbidden, "SQL access control error: Insufficient privileges to operate on database 'ANALYTICS_DB'"))
    }
    var engine = state.engine
    engine.history = state.order.compactMap { handle in
      state.statements[handle].map { statement in
        let status =
          switch statement.outcome {
          case _ where statement.isCancelled: "FAILED_WITH_ERROR"
          case _ where statement.looksLeft > 0: "RUNNING"
          case .success: "SUCCESS"
          case .failure: "FAILED_WITH_ERROR"
          }
        return [handle, statement.tag, status]
      }
    }
    defer { state.engine = engine }
    do { return .success(try engine.run(text, bound)) } catch let error as SQLRefusal { return .failure(error) } catch {
      return .failure(SQLRefusal(.syntax, "\(error)"))
    }
  }

  private func keys(_ text: String, _ state: State) -> MemoryWarehouse.Result {
    let names = text.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let rows = state.engine.tables.filter { name, _ in name[0] == names[1] && (names.count < 3 || name[1] == names[2]) }
      .sorted { $0.key[1] > $1.key[1] }
      .flatMap { name, table in
        table.key.enumerated().reversed().map { index, column -> [String?] in
          ["2026-01-01", Self.database, name[0], name[1], column, "\(index + 1)", "PK", "false", nil]
        }
      }
    return (
      [
        "created_on", "database_name", "schema_name", "table_name", "column_name", "key_sequence", "constraint_name",
        "rely", "comment",
      ], rows
    )
  }
}

extension SQLRefusal {
  /// Numbers as Snowflake gives them (documentation, and what others report).
  fileprivate func snowflake(_ handle: String) -> JSONValue {
    let (code, state) =
      switch kind {
      case .syntax: message.contains("multi") ? ("000008", "0A000") : ("001003", "42000")
      case .missingTable: ("002003", "42S02")
      case .missingColumn: ("000904", "42000")
      case .tableExists: ("002002", "42710")
      case .columnExists: ("001430", "42601")
      case .typeChange: ("002108", "22000")
      case .notEmpty, .notNull: ("002200", "22000")
      case .forbidden: ("003001", "42501")
      }
    return [
      "code": .string(code), "sqlState": .string(state), "message": .string("SQL compilation error:\n\(message)"),
      "statementHandle": .string(handle),
    ]
  }
}
