import Glibc
import Synchronization

/// A tiny HTTP/1.1 server on 127.0.0.1 that answers by script, byte for byte, so that it can also answer wrongly.
///
/// Requests take the script's answers in the order in which they arrive, over all connections. When the script has
/// ended, a connection that sends one more is closed without an answer. Instead of a script there may be a function, which
/// is called on several threads.
package final class LoopbackServer: Sendable {
  package enum Answer: Sendable {
    /// Sends the bytes and keeps the connection.
    case send([UInt8])
    /// Sends the bytes and closes the connection.
    case cut([UInt8])
    /// Sends the bytes and then nothing, until the client gives up.
    case hang([UInt8])
    /// Sends the bytes, then one byte again and again, until the client gives up.
    case drip([UInt8])

    /// A whole answer with `Content-Length`.
    package static func answer(
      _ status: Int = 200, _ headers: [String] = [], body: String = ""
    ) -> Answer {
      let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)"] + headers
      return .send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }
  }

  package struct Request: Hashable, Sendable {
    /// Counted from 1 in the order of arrival.
    package var connection: Int
    /// The request line and the headers.
    package var head: String
    package var body: [UInt8]

    /// Returns the first value of a header, whose name is compared without regard to case.
    package func header(_ name: String) -> String? {
      let prefix = name.lowercased() + ":"
      let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(prefix) }
      return line.map { $0.dropFirst(prefix.count).trimmingPrefix(" ") }.map(String.init)
    }
  }

  package var port: UInt16 { listener.port }
  private let script: Script
  private let listener: Listener

  package convenience init(_ answers: [Answer]) throws {
    try self.init(Script(answers))
  }

  package convenience init(answering answer: @escaping @Sendable (Request) -> Answer) throws {
    try self.init(Script(answering: answer))
  }

  private init(_ script: Script) throws {
    self.script = script
    listener = try Listener { script.serve($0) }
  }

  /// `http://127.0.0.1:PORT`, without a slash at the end.
  package var url: String { "http://127.0.0.1:\(port)" }

  package var requests: [Request] { script.requests }

  /// Returns when the server has taken this many requests.
  package func received(_ count: Int) async { await script.wait(for: \.requests.count, count) }

  /// Returns when this many connections have come to their end.
  package func closed(_ count: Int) async { await script.wait(for: \.closed, count) }

  /// Closes the listener and every connection.
  package func stop() { listener.stop() }
}

/// What the server's threads share.
private final class Script: Sendable {
  struct State {
    var answers: [LoopbackServer.Answer]
    var requests: [LoopbackServer.Request] = []
    var connections = 0
    var closed = 0
    var waiting: [(isDone: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func wake() {
      for index in waiting.indices.reversed() where waiting[index].isDone(self) {
        waiting.remove(at: index).continuation.resume()
      }
    }
  }

  private let state: Mutex<State>

  private let answering: (@Sendable (LoopbackServer.Request) -> LoopbackServer.Answer)?

  init(_ answers: [LoopbackServer.Answer]) {
    state = Mutex(State(answers: answers))
    answering = nil
  }

  init(answering: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer) {
    state = Mutex(State(answers: []))
    self.answering = answering
  }

  var requests: [LoopbackServer.Request] { state.withLock { $0.requests } }

  func wait(for value: any KeyPath<State, Int> & Sendable, _ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        state.waiting.append(({ $0[keyPath: value] >= count }, continuation))
        state.wake()
      }
    }
  }

  func serve(_ descriptor: Int32) {
    let number = state.withLock { state in
      state.connections += 1
      return state.connections
    }
    answer(descriptor, number)
    state.withLock { state in
      state.closed += 1
      state.wake()
    }
  }

  private func answer(_ descriptor: Int32, _ connection: Int) {
    var buffer: [UInt8] = []
    while let (head, body) = readRequest(descriptor, &buffer) {
      let request = LoopbackServer.Request(connection: connection, head: head, body: body)
      let scripted = state.withLock { state in
        state.requests.append(request)
        state.wake()
        return state.answers.isEmpty ? .cut([]) : state.answers.removeFirst()
      }
      switch answering?(request) ?? scripted {
      case .send(let bytes):
        guard write(bytes, to: descriptor) else { return }
      case .cut(let bytes):
        _ = write(bytes, to: descriptor)
        return
      case .hang(let bytes):
        _ = write(bytes, to: descriptor)
        while read(descriptor) != nil {}
        return
      case .drip(let bytes):
        var next = bytes
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while write(next, to: descriptor), poll(&event, 1, 20) == 0 { next = [0x20] }
        return
      }
    }
  }
}

private func readRequest(_ descriptor: Int32, _ buffer: inout [UInt8]) -> (String, [UInt8])? {
  let separator = Array("\r\n\r\n".utf8)
  while true {
    if let end = buffer.firstRange(of: separator) {
      let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
      let length =
        head.split(separator: "\r\n").lazy
        .filter { $0.lowercased().hasPrefix("content-length:") }
        .compactMap { Int($0.dropFirst(15).trimmingPrefix(" ")) }.first ?? 0
      if buffer.count >= end.upperBound + length {
        let body = Array(buffer[end.upperBound..<end.upperBound + length])
        buffer.removeFirst(end.upperBound + length)
        return (head, body)
      }
    }
    guard let bytes = read(descriptor) else { return nil }
    buffer += bytes
  }
}

/// Returns nil at the end of the connection.
private func read(_ descriptor: Int32) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 65_536)
  let count = recv(descriptor, &bytes, bytes.count, 0)
  return count > 0 ? Array(bytes[..<count]) : nil
}

/// Returns false when the client has gone.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = bytes[sent...].withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    sent += count
  }
  return true
}
