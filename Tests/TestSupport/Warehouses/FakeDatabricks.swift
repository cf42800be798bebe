import Cryptography
package import DriftCore
import Foundation
import JSON
import Synchronization

/// A small Databricks over real HTTP: secrets are exchanged for tokens, statements run on tables in memory, and the query history
/// remembers them.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeDatabricks: Sendable {
  package struct State: Sendable {
    package var engine: MemoryWarehouse
    /// What tokens are held against.
    package var time = Timestamp(microseconds: 1_767_225_600_000_000)
    package var statements: [String: RememberedStatement] = [:]
    /// Ids in the order of their statements.
    package var order: [String] = []
    /// When each was begun, in milliseconds.
    package var starts: [String: Int64] = [:]
    package var faults: [ServiceFault] = []
    /// Rows of a chunk.
    package var chunkSize = 1_000
    /// Statements of a page of the history.
    package var pageSize = 100
    /// Whether the history leaves tags out.
    package var forgetsTags = false
    /// Whether it shows nothing.
    package var hidesHistory = false
    package var forbidsSchemas = false
    /// Tokens that were given, and their ends.
    package var tokens: [String: Int64] = [:]
    package var violations: [String] = []
  }

  package static let catalog = "analytics"
  package static let warehouse = "abc123"
  package static let clientID = "11111111-2222-3333-4444-555555555555"
  package static let secret = "dose-of-secret"
  package static let personalToken = "dapi-of-somebody"

  /// Rings for each statement that was taken.
  package let taken = StatementBell()
  private let state: Mutex<State>
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  package init() throws {
    state = Mutex(State(engine: MemoryWarehouse(.databricks)))
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
      if request.path == "/oidc/v1/token" { return token(request, &state) }
      let problems = ForgeDocumentation.databricks.problems(with: request)
      state.violations += problems
      if let problem = problems.first { return error(400, "INVALID_PARAMETER_VALUE", problem) }
      let token = String(request.header("authorization")?.dropFirst(7) ?? "")
      guard token == Self.personalToken || state.tokens[token, default: 0] > state.time.seconds else {
        return error(401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type for this API.")
      }
      // api, 2.0, sql, then what it is about.
      let parts = request.path.split(separator: "/").dropFirst(3).map(String.init)
      switch (request.method, parts[0], parts.count) {
      case ("GET", "history", 2): return history(request, &state)
      case ("POST", "statements", 1): return submit(request, &state)
      case ("GET", "statements", 2): return look(at: parts[1], &state)
      case ("POST", "statements", 3):
        state.statements[parts[1]]?.isCancelled = true
        return .json(200, [:])
      default: return chunk(Int(parts[4]) ?? 0, of: parts[1], state)
      }
    }
  }

  private func token(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    let pair = base64(Array("\(Self.clientID):\(Self.secret)".utf8))
    guard request.header("authorization") == "Basic \(pair)",
      request.header("content-type") == "application/x-www-form-urlencoded",
      String(decoding: request.body, as: UTF8.self) == "grant_type=client_credentials&scope=all-apis"
    else {
      return .json(401, ["error": "invalid_client", "error_description": .string("not \(Self.secret)?")])
    }
    let token = "eyJ.\(state.tokens.count)"
    state.tokens[token] = state.time.seconds + 3_600
    return .json(200, ["access_token": .string(token), "expires_in": 3_600, "token_type": "Bearer"])
  }

  private func submit(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    guard let body = try? JSONValue.parse(request.body), let text = body["statement"]?.string,
      body["warehouse_id"]?.string == Self.warehouse, body["catalog"]?.string == Self.catalog,
      let wait = body["wait_timeout"]?.string, wait == "0s" || (5...50).contains(Int(wait.dropLast()) ?? 0)
    else { return error(400, "INVALID_PARAMETER_VALUE", "bad request") }
    let fault = state.faults.take(text)
    switch fault {
    case .answer(let status, let headers, let body): return .answer(status, headers, body: body)
    case .loseRequest: return .cut([])
    case .refuseToken: return error(401, "UNAUTHENTICATED", "Token is expired.")
    default: break
    }
    var bound: [String: String?] = [:]
    for parameter in body["parameters"]?.array ?? [] {
      if let name = parameter["name"]?.string { bound[name] = .some(parameter["value"]?.string) }
    }
    let id = "01ed\(state.order.count)-0000-aaaa"
    let tag = body["query_tags"]?[0]?["value"]?.string ?? ""
    var statement = RememberedStatement(text: text, tag: tag, outcome: outcome(of: text, bound, &state))
    if case .stayAtIt(let looks) = fault { statement.looksLeft = looks }
    if case .halve = fault, case .success(var result) = statement.outcome {
      result.rows.removeLast()
      statement.outcome = .success(result)
    }
    taken.ring(text)
    state.statements[id] = statement
    state.starts[id] = state.engine.now / 1_000
    state.order.append(id)
    if case .loseAnswer = fault { return .cut([]) }
    if case .answerAfter(let status) = fault { return error(status, "TEMPORARILY_UNAVAILABLE", "try again") }
    if wait == "0s" || statement.looksLeft > 0 {
      return .json(200, ["statement_id": .string(id), "status": ["state": "PENDING"]])
    }
    let isHalf = if case .halve = fault { true } else { false }
    return described(id, state, announced: isHalf ? 1 : 0)
  }

  private func look(at id: String, _ state: inout State) -> LoopbackServer.Answer {
    guard let statement = state.statements[id] else { return error(404, "NOT_FOUND", "no such statement") }
    if statement.looksLeft > 0, !statement.isCancelled {
      state.statements[id]?.looksLeft -= 1
      return .json(200, ["statement_id": .string(id), "status": ["state": "RUNNING"]])
    }
    return described(id, state, announced: 0)
  }

  /// Youngest first.
  private func history(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    if case .answer(let status, let headers, let body) = state.faults.take("GET history") {
      return .answer(status, headers, body: body)
    }
    let start = request.parameter("filter_by.query_start_time_range.start_time_ms").flatMap { Int64($0) } ?? 0
    guard request.parameter("filter_by.warehouse_ids") == Self.warehouse,
      (1..<1_000).contains(request.parameter("max_results").flatMap { Int($0) } ?? 100)
    else { return error(400, "INVALID_PARAMETER_VALUE", "bad request") }
    let from = request.parameter("page_token")?.removingPercentEncoding.flatMap { Int($0.dropFirst()) } ?? 0
    if state.hidesHistory { return .json(200, [:]) }
    let found = state.order.reversed().filter { state.starts[$0] ?? 0 >= start }
    let page = found.dropFirst(from).prefix(state.pageSize)
    let described = page.compactMap { id in state.statements[id].map { query($0, id, state) } }
    var members = [JSONMember("res", .array(described))]
    if from + page.count < found.count {
      members += [
        JSONMember("has_next_page", true), JSONMember("next_page_token", .string("+\(from + page.count)")),
      ]
    }
    return .json(200, .object(members))
  }

  private func query(_ statement: RememberedStatement, _ id: String, _ state: State) -> JSONValue {
    let status =
      switch statement.outcome {
      case _ where statement.isCancelled: "CANCELED"
      case _ where statement.looksLeft > 0: "RUNNING"
      case .success: "FINISHED"
      case .failure: "FAILED"
      }
    var members = [
      JSONMember("query_id", .string(id)), JSONMember("status", .string(status)),
      JSONMember("query_text", .string(statement.text)),
      JSONMember("query_start_time_ms", .number("\(state.starts[id] ?? 0)")),
    ]
    if !state.forgetsTags, !statement.tag.isEmpty {
      let tags: JSONValue = [["key": "mooring", "value": .string(statement.tag)]]
      members.append(JSONMember("query_tags", tags))
    }
    return .object(members)
  }

  private func outcome(
    of text: String, _ bound: [String: String?], _ state: inout State
  ) -> Result<MemoryWarehouse.Result, SQLRefusal> {
    if state.forbidsSchemas, text.hasPrefix("CREATE SCHEMA") {
      return .failure(SQLRefusal(.forbidden, "User does not have CREATE SCHEMA on Catalog 'analytics'."))
    }
    do {
      let result = try state.engine.run(text, bound)
      switch result.columns {
      case ["status"]: return .success(([], []))
      case ["number of rows inserted"]:
        return .success((["num_affected_rows", "num_inserted_rows"], result.rows.map { $0 + $0 }))
      default: return .success(result)
      }
    } catch let error as SQLRefusal {
      return .failure(error)
    } catch {
      return .failure(SQLRefusal(.syntax, "\(error)"))
    }
  }
}
