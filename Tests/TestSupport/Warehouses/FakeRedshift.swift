package import DriftCore
import JSON
import Synchronization

/// A small Redshift behind its Data API, over real HTTP: signatures are verified, statements run on tables in memory, several of
/// one request in one transaction. `address` is where it speaks PostgreSQL's protocol.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeRedshift: Sendable {
  /// One request's statements, as the service remembers them for a day.
  package struct Statement: Sendable {
    package var name: String
    package var texts: [String]
    package var status = "SUBMITTED"
    package var parts: [Part] = []
    var start: Int64
    package var looksLeft = 0
    var isHalved = false
  }

  package struct Part: Sendable {
    package var status: String
    var error: String?
    var result: MemoryWarehouse.Result = ([], [])
  }

  package struct State: Sendable {
    package var engine: MemoryWarehouse
    /// What signatures are held against.
    package var time = Timestamp(microseconds: 1_767_225_600_000_000)
    package var statements: [String: Statement] = [:]
    /// Ids in the order of their statements.
    package var order: [String] = []
    /// The id and the request of each token that came with one.
    var tokens: [String: (id: String, body: [UInt8])] = [:]
    package var faults: [ServiceFault] = []
    /// Rows of one page of a result, and statements of one page of a list.
    package var pageSize = 1_000
    package var forbidsSchemas = false
    package var showsSizes = false
    /// What somebody else has locked, as statements write it.
    package var lockedTable: String?
    package var sessionToken: String?
    /// Whether the database keeps the user's password so.
    package var keepsPasswordsAsSHA256 = false
    package var violations: [String] = []
    /// What came over PostgreSQL's protocol.
    package var texts: [String] = []
  }

  package static let workgroup = "analytics"
  package static let database = "dev"
  package static let region = "eu-west-1"
  package static let accessKey = "AKIDEXAMPLE"
  package static let secretKey = "dose/of+secret"

  private let state: Mutex<State>
  private let server: Mutex<LoopbackServer?> = Mutex(nil)
  private let listener: Mutex<Listener?> = Mutex(nil)
  /// Of PostgreSQL's protocol.
  let sessions = WireSessions()
  /// Rings for each statement that was taken.
  package let taken = StatementBell()

  package init() throws {
    state = Mutex(State(engine: MemoryWarehouse(.redshift)))
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
    let listener = try Listener { [weak self] in self?.serve($0) }
    self.listener.withLock { $0 = listener }
  }

  deinit {
    server.withLock { $0?.stop() }
    listener.withLock { $0?.stop() }
  }

  package var url: String { server.withLock { $0?.url ?? "" } }
  var port: Int { listener.withLock { Int($0?.port ?? 0) } }
  package var requests: [LoopbackServer.Request] { server.withLock { $0?.requests ?? [] } }
  package var violations: [String] { state.withLock { $0.violations } }
  package var now: Timestamp { state.withLock { $0.time } }

  /// Requests of one action: `ExecuteStatement`.
  package func requests(of action: String) -> [LoopbackServer.Request] {
    requests.filter { $0.header("x-amz-target") == "RedshiftData.\(action)" }
  }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  /// Runs a statement as somebody else.
  package func administer(_ text: String) throws { _ = try state.withLock { state in try state.engine.run(text) } }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    state.withLock { state in
      let body = (try? JSONValue.parse(request.body)) ?? .null
      let action = String(request.header("x-amz-target")?.dropFirst("RedshiftData.".count) ?? "")
      let problems = redshiftProblems(action, body, request)
      state.violations += problems
      if let problem = problems.first { return Self.error("ValidationException", problem) }
      let check = AWSSignatureCheck(
        accessKey: Self.accessKey, secretKey: Self.secretKey, sessionToken: state.sessionToken, region: Self.region,
        service: "redshift-data")
      if let problem = check.problem(with: request, now: state.time) {
        return Self.error(problem.name, problem.message)
      }
      let texts = (body["Sqls"]?.array ?? [body["Sql"] ?? .null]).compactMap(\.string)
      let fault = state.faults.take("\(action) \(texts.joined(separator: "; "))")
      switch fault {
      case .answer(let status, let headers, let body): return .answer(status, headers, body: body)
      case .loseRequest: return .cut([])
      case .refuseToken: return Self.error("UnrecognizedClientException", "The security token is invalid.")
      default: break
      }
      let answer =
        switch action {
        case "ExecuteStatement", "BatchExecuteStatement": submit(texts, body, request, fault, &state)
        case "DescribeStatement": describe(body["Id"]?.string ?? "", &state)
        case "CancelStatement": cancel(body["Id"]?.string ?? "", &state)
        case "GetStatementResult": result(body, state)
        default: list(body, state)
        }
      if case .finishOthers = fault {
        for id in state.order where state.statements[id]?.looksLeft ?? 0 > 0 { finish(id, &state) }
      }
      if case .loseAnswer = fault { return .cut([]) }
      if case .answerAfter(let status) = fault { return .json(status, ["__type": "InternalServerException"]) }
      return answer
    }
  }

  private func submit(
    _ texts: [String], _ body: JSONValue, _ request: LoopbackServer.Request, _ fault: ServiceFault.Kind?,
    _ state: inout State
  ) -> LoopbackServer.Answer {
    let token = body["ClientToken"]?.string ?? ""
    if let before = state.tokens[token] {
      return before.body == request.body
        ? Self.submitted(before.id, state)
        : Self.error("ValidationException", "the client token was used with other parameters")
    }
    let id = "d9b6c0c9-0747-4bf4-b142-\(state.order.count)"
    var statement = Statement(name: body["StatementName"]?.string ?? "", texts: texts, start: state.engine.now)
    if case .stayAtIt(let looks) = fault { statement.looksLeft = looks }
    if case .halve = fault { statement.isHalved = true }
    state.tokens[token] = (id, request.body)
    state.order.append(id)
    state.statements[id] = statement
    if statement.looksLeft == 0 { finish(id, &state) }
    for text in texts { taken.ring(text) }
    return Self.submitted(id, state)
  }

  private func cancel(_ id: String, _ state: inout State) -> LoopbackServer.Answer {
    guard let statement = state.statements[id] else { return Self.error("ResourceNotFoundException", "no such query") }
    guard statement.looksLeft > 0 else {
      return Self.error("ValidationException", "Could not cancel a query that is already in \(statement.status) state.")
    }
    state.statements[id]?.looksLeft = 0
    state.statements[id]?.status = "ABORTED"
    return .json(200, ["Status": true])
  }

  private func describe(_ id: String, _ state: inout State) -> LoopbackServer.Answer {
    guard let statement = state.statements[id] else { return Self.error("ResourceNotFoundException", "no such query") }
    if statement.looksLeft > 0 {
      state.statements[id]?.status = "STARTED"
      state.statements[id]?.looksLeft -= 1
      if statement.looksLeft == 1 { finish(id, &state) }
    }
    return Self.described(id, state)
  }

  /// Runs what was submitted: nothing of a transaction stays where one of its statements fails.
  private func finish(_ id: String, _ state: inout State) {
    guard var statement = state.statements[id] else { return }
    let before = state.engine
    for text in statement.texts {
      if statement.parts.contains(where: { $0.status == "FAILED" }) {
        statement.parts.append(Part(status: "ABORTED"))
        continue
      }
      do {
        statement.parts.append(
          Part(status: "FINISHED", result: try Self.run(text, isAlone: statement.texts.count == 1, &state)))
      } catch {
        statement.parts.append(Part(status: "FAILED", error: (error as? SQLRefusal)?.redshift ?? "\(error)"))
      }
    }
    statement.looksLeft = 0
    statement.status = statement.parts.contains { $0.status == "FAILED" } ? "FAILED" : "FINISHED"
    if statement.status == "FAILED" {
      let now = state.engine.now
      state.engine = before
      state.engine.now = now
    }
    state.statements[id] = statement
  }

  static func run(_ text: String, isAlone: Bool, _ state: inout State) throws -> MemoryWarehouse.Result {
    if state.forbidsSchemas, text.hasPrefix("CREATE SCHEMA") {
      throw SQLRefusal(.forbidden, "permission denied for database dev")
    }
    if !state.showsSizes, text.contains("svv_table_info") {
      throw SQLRefusal(.forbidden, "permission denied for relation svv_table_info")
    }
    if !isAlone, text.contains("ALTER COLUMN"), text.contains(" TYPE ") {
      throw SQLRefusal(.typeChange, "ALTER TABLE ALTER COLUMN cannot run inside a transaction block")
    }
    if let table = state.lockedTable, text.contains(table) { throw Deadlock() }
    let result = try state.engine.run(text)
    return ["status", "number of rows inserted"].contains(result.columns.first) ? ([], []) : result
  }
}

private struct Deadlock: Error, CustomStringConvertible {
  let description = "ERROR: deadlock detected"
}
