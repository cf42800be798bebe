import Synchronization

/// Answers from recorded exchanges, in memory, and keeps what it was asked. For tests.
///
/// A request is answered by the first unused exchange with its method and URL; where there is none, the error names
/// method and URL.
package final class ReplayTransport: HTTPTransport {
  package struct Exchange: Sendable {
    package var method: String
    package var url: String
    package var outcome: Result<HTTPResponse, TransportError>

    package init(_ method: String, _ url: String, _ response: HTTPResponse) {
      self.init(method, url, .success(response))
    }

    package init(_ method: String, _ url: String, _ outcome: Result<HTTPResponse, TransportError>) {
      self.method = method
      self.url = url
      self.outcome = outcome
    }
  }

  private struct State {
    var exchanges: [Exchange]
    var requests: [HTTPRequest] = []
  }

  private let state: Mutex<State>

  package init(_ exchanges: [Exchange]) {
    state = Mutex(State(exchanges: exchanges))
  }

  /// In the order in which they were asked, unexpected ones included.
  package var requests: [HTTPRequest] { state.withLock { $0.requests } }

  /// Exchanges that nobody has asked for.
  package var unused: [Exchange] { state.withLock { $0.exchanges } }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try Task.checkCancellation()
    try request.check()
    let exchange = state.withLock { state -> Exchange? in
      state.requests.append(request)
      let index = state.exchanges.firstIndex {
        $0.method == request.method && $0.url == request.url
      }
      return index.map { state.exchanges.remove(at: $0) }
    }
    guard let exchange else {
      throw TransportError(.unexpectedRequest, request: "\(request.method) \(request.url)")
    }
    return try exchange.outcome.get()
  }
}
