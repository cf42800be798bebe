import COpenSSL
import Dispatch
import DriftCore
package import PostgreSQL
import Synchronization

/// The same tables behind PostgreSQL's protocol, as Redshift speaks it: the extended one alone, a password with MD5, and the
/// settings of PostgreSQL 8.0. While a transaction is open, every other statement waits for its end.
extension FakeRedshift {
  package static let user = "mooring"

  /// As a driver is told it.
  package var address: PostgresAddress {
    PostgresAddress(
      host: "127.0.0.1", port: port, user: Self.user, password: Secret(Self.secretKey), database: Self.database,
      encryption: ["sslmode": "disable"])
  }

  func serve(_ descriptor: Int32) {
    var wire = PostgresWire(ByteStream(descriptor: descriptor))
    switch wire.start() {
    case .cancel(let key)?: sessions.cancel(key)
    case .session(let parameters)?:
      let (key, cancelled) = sessions.begin()
      var session = WireSession(fake: self, turn: sessions.turn, cancelled: cancelled)
      if authenticate(parameters, key, &wire) { session.serve(&wire) }
      session.end()
      sessions.end(key)
    case nil: break
    }
  }

  private func authenticate(_ parameters: [String: String], _ key: Int, _ wire: inout PostgresWire) -> Bool {
    if change({ $0.keepsPasswordsAsSHA256 }) {
      _ = wire.send([.authentication(13)])
      return false
    }
    let salt: [UInt8] = [1, 2, 3, 4]
    guard wire.send([.authentication(5, salt: salt)]), let password = wire.next() else { return false }
    let inner = md5(Array((Self.secretKey + Self.user).utf8))
    guard parameters["user"] == Self.user, password.texts.first == "md5" + md5(Array(inner.utf8) + salt) else {
      let message = "password authentication failed for user \"\(parameters["user"] ?? "")\""
      _ = wire.send([.error("FATAL", state: "28000", message)])
      return false
    }
    return wire.send([
      .authentication(0), .parameter("server_version", "8.0.2"), .parameter("client_encoding", "UTF8"), .key(key),
      .ready("I"),
    ])
  }
}

/// The sessions of one server.
final class WireSessions: Sendable {
  /// Of whoever runs a statement or has a transaction open.
  let turn = DispatchSemaphore(value: 1)
  private let state = Mutex((count: 0, cancelled: [Int: DispatchSemaphore]()))

  func begin() -> (key: Int, cancelled: DispatchSemaphore) {
    state.withLock { state in
      state.count += 1
      let cancelled = DispatchSemaphore(value: 0)
      state.cancelled[state.count] = cancelled
      return (state.count, cancelled)
    }
  }

  func cancel(_ key: Int) { _ = state.withLock { $0.cancelled[key]?.signal() } }
  func end(_ key: Int) { state.withLock { $0.cancelled[key] = nil } }
}

private struct WireSession {
  let fake: FakeRedshift
  let turn: DispatchSemaphore
  let cancelled: DispatchSemaphore
  /// The tables as they were when the transaction began.
  private var before: MemoryWarehouse?
  private var isBroken = false

  init(fake: FakeRedshift, turn: DispatchSemaphore, cancelled: DispatchSemaphore) {
    (self.fake, self.turn, self.cancelled) = (fake, turn, cancelled)
  }

  private enum Reply {
    case done(columns: [String] = [], rows: [[String?]] = [], tag: String)
    case refused(state: String, String)
    case gone
  }

  /// Until the client leaves, or a fault cuts it off. Answers go out together, when the client waits for them.
  mutating func serve(_ wire: inout PostgresWire) {
    var text = ""
    var reply = Reply.gone
    var isSkipping = false
    var answers: [PostgresWire.Message] = []
    while let message = wire.next() {
      switch message.type {
      case "S":
        isSkipping = false
        guard wire.send(answers + [.ready(isBroken ? "E" : before == nil ? "I" : "T")]) else { return }
        answers = []
      case "X": return
      case _ where isSkipping: break
      case "P":
        text = message.texts.dropFirst().first ?? ""
        answers.append(PostgresWire.Message(type: "1", body: []))
      case "B": answers.append(PostgresWire.Message(type: "2", body: []))
      case "D":
        reply = run(text)
        switch reply {
        case .done(let columns, _, _): answers.append(.columns(columns))
        case .refused(let state, let message):
          isBroken = before != nil
          isSkipping = true
          answers.append(.error(state: state, message))
        case .gone: return
        }
      case "E":
        if case .done(_, let rows, let tag) = reply { answers += rows.map { .row($0) } + [.complete(tag)] }
      default:
        fake.change { $0.violations.append("message \(message.type)") }
        return
      }
    }
  }

  /// What is open is undone.
  mutating func end() { if let before { finish(restoring: before) } }

  private mutating func run(_ text: String) -> Reply {
    let fault = fake.change { state -> ServiceFault.Kind? in
      // What every session begins with is of no interest.
      if text.hasPrefix("SET ") { return nil }
      state.texts.append(text)
      return state.faults.take(text)
    }
    if case .loseRequest = fault { return .gone }
    let reply = answer(text, fault)
    fake.taken.ring(text)
    if case .loseAnswer = fault { return .gone }
    return reply
  }

  private mutating func answer(_ text: String, _ fault: ServiceFault.Kind?) -> Reply {
    let words = text.uppercased().split(separator: " ")
    switch words.first {
    case "BEGIN":
      turn.wait()
      before = fake.change { $0.engine }
      return .done(tag: "BEGIN")
    case "COMMIT", "ROLLBACK":
      let isCommitted = words.first == "COMMIT" && !isBroken
      if let before { finish(restoring: isCommitted ? nil : before) }
      return .done(tag: isCommitted ? "COMMIT" : "ROLLBACK")
    case "SET":
      return ["TIMEZONE", "DATESTYLE", "STATEMENT_TIMEOUT"].contains(words[1])
        ? .done(tag: "SET")
        : .refused(state: "42704", "unrecognized configuration parameter \"\(words[1].lowercased())\"")
    default: break
    }
    if isBroken {
      return .refused(
        state: "25P02", "current transaction is aborted, commands ignored until end of transaction block")
    }
    if before == nil { turn.wait() }
    defer { if before == nil { turn.signal() } }
    if case .answer(_, let headers, let message) = fault {
      return .refused(state: headers.first ?? "XX000", message)
    }
    if case .stayAtIt = fault {
      fake.taken.ring(text)
      cancelled.wait()
      return .refused(state: "57014", "Query (7) canceled on user's request")
    }
    do {
      let isAlone = before == nil
      let result = try fake.change { state in try FakeRedshift.run(text, isAlone: isAlone, &state) }
      let count = result.columns.isEmpty ? "" : " \(result.rows.count)"
      return .done(columns: result.columns, rows: result.rows, tag: "\(words.first ?? "")\(count)")
    } catch {
      let refusal = error as? SQLRefusal
      return .refused(
        state: refusal?.kind.sqlState ?? "XX000", String((refusal?.redshift ?? "\(error)").trimmingPrefix("ERROR: ")))
    }
  }

  private mutating func finish(restoring engine: MemoryWarehouse?) {
    (before, isBroken) = (nil, false)
    if let engine {
      fake.change { state in
        let now = state.engine.now
        state.engine = engine
        state.engine.now = now
      }
    }
    turn.signal()
  }
}

private func md5(_ bytes: [UInt8]) -> String {
  var digest = [UInt8](repeating: 0, count: 16)
  EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil)
  let digits = Array("0123456789abcdef")
  return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
