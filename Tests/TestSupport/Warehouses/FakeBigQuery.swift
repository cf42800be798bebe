import Cryptography
package import DriftCore
import Foundation
import JSON
import Synchronization

/// A small BigQuery over real HTTP: assertions are verified and exchanged for tokens, jobs are known by their ids, and tables
/// are in memory.
///
/// A request that is not as documented is refused, and is a violation besides, which tests look at.
package final class FakeBigQuery: Sendable {
  package struct State: Sendable {
    package var engine: MemoryWarehouse
    /// What tokens are held against.
    package var time = Timestamp(microseconds: 1_767_225_600_000_000)
    /// By job id.
    package var jobs: [String: RememberedStatement] = [:]
    package var faults: [ServiceFault] = []
    /// Rows of a page.
    package var pageSize = 1_000
    /// Tokens that were given, and their ends.
    package var tokens: [String: Int64] = [:]
    package var forbidsDatasets = false
    /// Whether jobs that are begun under an id fail, though nothing is wrong with their statements.
    package var failsJobs = false
    package var violations: [String] = []
  }

  package static let project = "acme-prod"
  package static let account = "mooring@acme-prod.iam.gserviceaccount.com"

  package let key: RSAKey
  /// Rings for each job that was begun.
  package let taken = StatementBell()
  private let state: Mutex<State>
  private let server: Mutex<LoopbackServer?> = Mutex(nil)

  package init(key: RSAKey = RSAKey()) throws {
    self.key = key
    state = Mutex(State(engine: MemoryWarehouse(.bigQuery)))
    let server = try LoopbackServer(answering: { [weak self] request in self?.answer(request) ?? .cut([]) })
    self.server.withLock { $0 = server }
  }

  deinit { server.withLock { $0?.stop() } }

  package var url: String { server.withLock { ($0?.url ?? "") + "/bigquery/v2" } }
  package var requests: [LoopbackServer.Request] { server.withLock { $0?.requests ?? [] } }
  package var violations: [String] { state.withLock { $0.violations } }
  package var now: Timestamp { state.withLock { $0.time } }

  /// The service account's key file.
  package func credentials(key pem: String? = nil) -> String {
    let value: JSONValue = [
      "type": "service_account", "project_id": .string(Self.project), "private_key_id": "key-1",
      "private_key": .string(pem ?? key.pem), "client_email": .string(Self.account),
      "token_uri": .string("\(server.withLock { $0?.url ?? "" })/token"),
    ]
    return value.text
  }

  @discardableResult
  package func change<Value: Sendable>(_ change: (inout State) throws -> sending Value) rethrows -> Value {
    try state.withLock(change)
  }

  /// Runs a statement as somebody else.
  package func administer(_ text: String) throws { _ = try state.withLock { state in try state.engine.run(text) } }

  private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    state.withLock { state in
      if request.path == "/token" { return token(request, &state) }
      let problems = ForgeDocumentation.bigQuery.problems(with: request)
      state.violations += problems
      if let problem = problems.first { return error(400, "invalid", problem) }
      let token = String(request.header("authorization")?.dropFirst(7) ?? "")
      guard let end = state.tokens[token], end > state.time.seconds else {
        return error(401, "authError", "Request had invalid authentication credentials.")
      }
      // bigquery, v2, projects, acme-prod, then what it is about.
      let parts = request.path.split(separator: "/").map(String.init)
      guard parts[3] == Self.project else { return error(403, "accessDenied", "Access Denied: Project \(parts[3])") }
      switch (request.method, parts[4], parts.count) {
      case ("POST", "queries", 5): return query(request, &state)
      case ("GET", "queries", 6): return results(of: parts[5], request, &state)
      case ("POST", "jobs", 5): return insert(request, &state)
      case ("GET", "jobs", 6): return job(parts[5], &state)
      case ("POST", "jobs", 7):
        state.jobs[parts[5]]?.isCancelled = true
        return .json(200, ["job": described(parts[5], state)])
      case ("GET", "datasets", 6):
        if state.engine.schemas.contains(parts[5]) { return .json(200, ["id": .string(parts[5])]) }
        return error(404, "notFound", "Not found: Dataset \(Self.project):\(parts[5])")
      default: return table(parts[5], parts[7].removingPercentEncoding ?? "", state)
      }
    }
  }

  private func token(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    let body = String(decoding: request.body, as: UTF8.self)
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
    let parts = body.dropFirst(grant.count).split(separator: ".").map(String.init)
    guard body.hasPrefix(grant), request.header("content-type") == "application/x-www-form-urlencoded",
      parts.count == 3,
      let header = document(parts[0]), let claims = document(parts[1]), let signature = bytes(base64URL: parts[2]),
      header["alg"]?.string == "RS256", header["kid"]?.string == "key-1",
      key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8)), claims["iss"]?.string == Self.account,
      claims["scope"]?.string == "https://www.googleapis.com/auth/bigquery",
      claims["aud"]?.string == server.withLock({ $0?.url ?? "" }) + "/token", let start = claims["iat"]?.int,
      let end = claims["exp"]?.int, end - start <= 3_600, end > Int(state.time.seconds)
    else {
      return .json(400, ["error": "invalid_grant", "error_description": "Invalid JWT Signature."])
    }
    let token = "ya29.\(state.tokens.count)"
    state.tokens[token] = state.time.seconds + 3_599
    return .json(200, ["access_token": .string(token), "expires_in": 3_599, "token_type": "Bearer"])
  }

  private func document(_ part: String) -> JSONValue? { bytes(base64URL: part).flatMap { try? JSONValue.parse($0) } }

  private func query(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    guard let body = try? JSONValue.parse(request.body), let text = body["query"]?.string,
      body["useLegacySql"]?.bool == false
    else { return error(400, "invalid", "legacy SQL is not spoken here") }
    let fault = state.faults.take(text)
    if let answer = refusal(fault) { return answer }
    let id = "job_\(state.jobs.count)"
    state.jobs[id] = run(text, body, fault, &state)
    return answered(fault) ?? results(of: id, request, &state, isHalf: isHalf(fault))
  }

  private func insert(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Answer {
    guard let body = try? JSONValue.parse(request.body), let query = body["configuration"]?["query"],
      let text = query["query"]?.string, query["useLegacySql"]?.bool == false,
      body["jobReference"]?["location"]?.string == "EU"
    else { return error(400, "invalid", "bad request") }
    if body["configuration"]?["dryRun"]?.bool == true {
      let kept = state.engine
      defer { state.engine = kept }
      var statement = run(text, query, nil, &state)
      if text.contains(";") { statement.outcome = .success(([], [])) }
      if case .failure(let refusal) = statement.outcome {
        return error(400, refusal.bigQueryReason, refusal.bigQueryMessage)
      }
      return .json(200, ["status": ["state": "DONE"], "statistics": ["query": ["statementType": .string(kind(text))]]])
    }
    guard let id = body["jobReference"]?["jobId"]?.string else { return error(400, "invalid", "no job id") }
    if state.jobs[id] != nil { return error(409, "duplicate", "Already Exists: Job \(Self.project):EU.\(id)") }
    let fault = state.faults.take(text)
    if let answer = refusal(fault) { return answer }
    taken.ring(text)
    state.jobs[id] =
      state.failsJobs
      ? RememberedStatement(text: text, tag: "", outcome: .failure(SQLRefusal(.syntax, "Resources exceeded")))
      : run(text, query, fault, &state)
    return answered(fault) ?? .json(200, described(id, state))
  }

  private func job(_ id: String, _ state: inout State) -> LoopbackServer.Answer {
    guard let job = state.jobs[id] else { return error(404, "notFound", "Not found: Job \(Self.project):\(id)") }
    let answer = described(id, state)
    if job.looksLeft > 0 { state.jobs[id]?.looksLeft -= 1 }
    return .json(200, answer)
  }

  private func described(_ id: String, _ state: State) -> JSONValue {
    guard let job = state.jobs[id] else { return .null }
    var status: [JSONMember] = [
      JSONMember("state", job.looksLeft > 0 && !job.isCancelled ? "RUNNING" : "DONE")
    ]
    if job.isCancelled {
      status.append(JSONMember("errorResult", ["reason": "stopped", "message": "Job execution was cancelled"]))
    } else if job.looksLeft == 0, case .failure(let refusal) = job.outcome {
      status.append(
        JSONMember(
          "errorResult", ["reason": .string(refusal.bigQueryReason), "message": .string(refusal.bigQueryMessage)]))
    }
    return [
      "jobReference": ["projectId": .string(Self.project), "jobId": .string(id), "location": "EU"],
      "status": .object(status), "statistics": ["query": ["statementType": .string(kind(job.text))]],
    ]
  }

  private func run(
    _ text: String, _ body: JSONValue, _ fault: ServiceFault.Kind?, _ state: inout State
  ) -> RememberedStatement {
    var bound: [String: String?] = [:]
    for (index, parameter) in (body["queryParameters"]?.array ?? []).enumerated() {
      bound["\(index)"] = .some(parameter["parameterValue"]?["value"]?.string)
    }
    var statement = RememberedStatement(text: text, tag: "", outcome: .success(([], [])))
    do {
      if text.contains(";") { throw SQLRefusal(.syntax, "a script is not run here") }
      if state.forbidsDatasets, text.hasPrefix("CREATE SCHEMA") {
        throw SQLRefusal(.forbidden, "Access Denied: Project \(Self.project): no bigquery.datasets.create")
      }
      statement.outcome = .success(try state.engine.run(text, bound))
    } catch let error as SQLRefusal {
      statement.outcome = .failure(error)
    } catch {
      statement.outcome = .failure(SQLRefusal(.syntax, "\(error)"))
    }
    if case .stayAtIt(let looks) = fault { statement.looksLeft = looks }
    if isHalf(fault), case .success(var result) = statement.outcome {
      result.rows.removeLast()
      statement.outcome = .success(result)
    }
    return statement
  }

  private func isHalf(_ fault: ServiceFault.Kind?) -> Bool { if case .halve = fault { true } else { false } }

  /// Where nothing is done.
  private func refusal(_ fault: ServiceFault.Kind?) -> LoopbackServer.Answer? {
    switch fault {
    case .answer(let status, let headers, let body): .answer(status, headers, body: body)
    case .loseRequest: .cut([])
    case .refuseToken: error(401, "authError", "Request had invalid authentication credentials.")
    case .loseAnswer, .answerAfter, .stayAtIt, .halve, .finishOthers, nil: nil
    }
  }

  /// Where it was done and the client does not learn it.
  private func answered(_ fault: ServiceFault.Kind?) -> LoopbackServer.Answer? {
    switch fault {
    case .loseAnswer: .cut([])
    case .answerAfter(let status): error(status, "backendError", "try again")
    case .answer, .loseRequest, .refuseToken, .stayAtIt, .halve, .finishOthers, nil: nil
    }
  }
}
