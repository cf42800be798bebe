import Foundation
import Glibc
import Synchronization

/// A git host over HTTP: `git http-backend` behind a server that knows one token and can be told to misbehave.
package final class GitHTTPServer: Sendable {
  package enum Fault: Sendable {
    /// Answers every request with this status.
    case status(Int)
    /// Says nothing to requests whose path ends so.
    case silent(onPath: String = "")
    /// Sends clients to this address and the path that they asked for.
    case redirect(String)
    /// Sends clients that ask for one path to another one here.
    case moved(from: String, to: String)
    /// Does the push, then cuts the connection instead of answering; `after` runs in between.
    case cutAfterPush(after: @Sendable () -> Void = {})
    /// Does the push and then says nothing.
    case silentAfterPush
    /// Cuts the connection instead of taking the push.
    case cutBeforePush
    /// Answers every push with this status, and takes none.
    case pushStatus(Int)
    /// Sends these bytes instead of any answer, and cuts the connection.
    case bytes([UInt8])
    /// The same instead of taking a push.
    case pushBytes([UInt8])
    /// Sends so many bytes of the body of each answer to a path that ends so, and cuts the connection. The head says how many there
    /// should be, or that the connection's end is the end.
    case cutBody(at: Int, onPath: String, saysLength: Bool)
    /// Sends the beginning of an answer and then a byte now and then.
    case drip
    /// Does this before it serves a request.
    case interposed(@Sendable (HTTPMessage) -> Void)
  }

  package let url: String
  private let listener: Listener
  private let state: State

  private final class State: Sendable {
    let value = Mutex((fault: Fault?.none, requests: [HTTPMessage]()))
  }

  /// Serves the repositories in `root` to whoever shows `token` as password, or to all where it is nil.
  package init(root: String, token: String? = nil, identity: TLSIdentity? = nil) throws {
    let state = State()
    self.state = state
    let backend = Backend(root: root, token: token)
    listener = try Listener { descriptor in
      let session = identity.map { $0.session() }
      let stream: ByteStream?
      if let session {
        stream = session.flatMap { ByteStream(descriptor: descriptor, session: $0) }
      } else {
        stream = ByteStream(descriptor: descriptor)
      }
      guard let stream else { return }
      var rest: [UInt8] = []
      while let message = HTTPMessage(from: stream, rest: &rest) {
        let fault = state.value.withLock { value in
          value.requests.append(message)
          return value.fault
        }
        guard let answer = backend.answer(message, fault) else {
          switch fault {
          case .silent, .silentAfterPush: while stream.read() != nil {}
          case .bytes(let bytes), .pushBytes(let bytes): _ = stream.write(bytes)
          case .drip:
            let type = "Content-Type: application/x-git-upload-pack-advertisement"
            var next = Array("HTTP/1.1 200 OK\r\n\(type)\r\nContent-Length: 99999\r\n\r\nffff".utf8)
            while stream.write(next) {
              usleep(20_000)
              next = [0x30]
            }
          case .status, .pushStatus, .redirect, .moved, .cutBody, .cutAfterPush, .cutBeforePush, .interposed, nil: break
          }
          return
        }
        if case .cutBody(let count, let path, let saysLength) = fault, message.path.hasSuffix(path) {
          _ = stream.write(cut(answer, at: count, saysLength: saysLength))
          return
        }
        guard stream.write(answer) else { return }
      }
    }
    url = identity == nil ? "http://127.0.0.1:\(listener.port)" : "https://localhost:\(listener.port)"
  }

  /// Whether a request takes a push.
  package static func isPush(_ message: HTTPMessage) -> Bool {
    message.method == "POST" && message.path.hasSuffix("/git-receive-pack")
  }

  package var requests: [HTTPMessage] { state.value.withLock { $0.requests } }

  /// Nil: behaves.
  package func setFault(_ fault: Fault?) { state.value.withLock { $0.fault = fault } }

  package func forgetRequests() { state.value.withLock { $0.requests = [] } }

  package func stop() { listener.stop() }
}

private func cut(_ answer: [UInt8], at count: Int, saysLength: Bool) -> [UInt8] {
  guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { return answer }
  let lines = String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
  let kept = lines.filter { saysLength || !$0.lowercased().hasPrefix("content-length:") }
  return Array((kept.joined(separator: "\r\n") + "\r\n\r\n").utf8) + answer[end.upperBound...].prefix(count)
}

private struct Backend: Sendable {
  let root: String
  let token: String?

  /// The bytes to send; nil: none, and the connection ends.
  func answer(_ message: HTTPMessage, _ fault: GitHTTPServer.Fault?) -> [UInt8]? {
    let isPush = GitHTTPServer.isPush(message)
    switch fault {
    case .status(let status): return plain(status)
    case .pushStatus(let status) where isPush: return plain(status)
    case .bytes, .drip: return nil
    case .pushBytes where isPush: return nil
    case .silent(let path) where message.path.hasSuffix(path): return nil
    case .redirect(let address): return plain(301, ["Location: \(address)\(message.target)"])
    case .moved(let from, let to) where message.target.hasPrefix(from):
      return plain(301, ["Location: \(to)\(message.target.dropFirst(from.count))"])
    case .cutBeforePush where isPush: return nil
    case .interposed(let action): action(message)
    case .silent, .pushStatus, .pushBytes, .moved, .cutBody, .silentAfterPush, .cutBeforePush, .cutAfterPush, nil: break
    }
    if let token, !authorizes(message, token) {
      return plain(401, ["WWW-Authenticate: Basic realm=\"git\""])
    }
    let answer = run(message)
    guard isPush else { return answer }
    switch fault {
    case .cutAfterPush(let action):
      action()
      return nil
    case .silentAfterPush: return nil
    case .status, .pushStatus, .bytes, .pushBytes, .drip, .silent, .redirect, .moved, .cutBody, .cutBeforePush,
      .interposed, nil:
      return answer
    }
  }

  private func authorizes(_ message: HTTPMessage, _ token: String) -> Bool {
    guard let value = message.headers["authorization"], value.hasPrefix("Basic "),
      let pair = Data(base64Encoded: String(value.dropFirst(6)))
    else { return false }
    return String(decoding: pair, as: UTF8.self).hasSuffix(":\(token)")
  }

  private func plain(_ status: Int, _ headers: [String] = []) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) Answer", "Content-Length: 0"] + headers
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private func run(_ message: HTTPMessage) -> [UInt8] {
    guard let folder = try? TemporaryFolder("cgi"),
      let input = try? folder.write(message.body, to: "input"),
      let output = try? folder.write("", to: "output"),
      let reading = FileHandle(forReadingAtPath: input), let writing = FileHandle(forWritingAtPath: output)
    else { return plain(500) }
    let process = ChildProcess()
    process.arguments = ["git", "http-backend"]
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": "ada", "REMOTE_ADDR": "127.0.0.1",
      "REQUEST_METHOD": message.method, "PATH_INFO": message.path, "QUERY_STRING": message.query,
      "CONTENT_TYPE": message.headers["content-type"] ?? "", "CONTENT_LENGTH": "\(message.body.count)",
    ]
    process.standardInput = .handle(reading)
    process.standardOutput = .handle(writing)
    process.standardError = .nothing
    guard (try? process.run()) != nil else { return plain(500) }
    process.waitUntilExit()
    return translated(folder.read("output") ?? [])
  }

  /// A CGI program's answer as HTTP.
  private func translated(_ output: [UInt8]) -> [UInt8] {
    guard let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else { return plain(500) }
    var status = "200 OK"
    var lines: [Substring] = []
    let head = String(decoding: output[..<end.lowerBound], as: UTF8.self)
    for line in head.split(separator: "\r\n") {
      if line.hasPrefix("Status: ") { status = String(line.dropFirst(8)) } else { lines.append(line) }
    }
    let body = output[end.upperBound...]
    let text = (["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + lines).joined(separator: "\r\n")
    return Array((text + "\r\n\r\n").utf8) + body
  }
}
