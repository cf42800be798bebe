import DriftCore
import JSON
import Synchronization
import Transport

/// Ends one process, as far as the outside can tell: from the cut on, nothing that it does arrives.
final class Scissors: Sendable {
  private struct State {
    var hasCut = false
    var hasActed = false
  }

  let point: CutPoint?
  private let state = Mutex(State())

  /// - Parameter point: nil never cuts.
  init(at point: CutPoint?) { self.point = point }

  var hasCut: Bool { state.withLock { $0.hasCut } }

  /// Every call of an ended process ends it again.
  func checkAlive() throws { if hasCut { throw CancellationError() } }

  /// Ends the process here, where this is the point.
  func reach(_ point: CutPoint) throws {
    if point == self.point { state.withLock { $0.hasCut = true } }
    try checkAlive()
  }

  func noteAct() { state.withLock { $0.hasActed = true } }
  var hasActed: Bool { state.withLock { $0.hasActed } }
}

/// Cuts between the requests of a driver, around the one that carries the statement.
struct CutTransport: HTTPTransport {
  let inner: any HTTPTransport
  let scissors: Scissors
  let statement: String?

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try scissors.checkAlive()
    guard let statement else { return try await inner.send(request) }
    let body = String(decoding: request.body ?? [], as: UTF8.self)
    // As it stands inside a JSON text.
    let isAct = body.contains(JSONValue.string(statement).text.dropFirst().dropLast())
    let isLine = !isAct && scissors.hasActed && body.contains("INSERT INTO") && body.lowercased().contains("ledger")
    if isAct { try scissors.reach(.beforeAct) }
    if scissors.hasActed, body.contains("step.done") { try scissors.reach(.beforeRecord) }
    if isLine { try scissors.reach(.beforeLine) }
    let response = try await inner.send(request)
    if isAct {
      scissors.noteAct()
      try scissors.reach(.beforeAnswer)
    }
    if isLine { try scissors.reach(.afterLine) }
    return response
  }
}
