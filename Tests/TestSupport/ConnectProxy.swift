import Foundation
import Glibc

/// A proxy that opens connections, all of them to one port of this machine, whatever host is asked for.
package final class ConnectProxy: Sendable {
  private let listener: Listener
  private let kept: Collected<HTTPMessage>

  /// - Parameters:
  ///   - credentials: `user:password` that it wants to see; without them it answers 407.
  ///   - answer: sent instead of opening anything, and then the connection is closed.
  package init(to port: UInt16, credentials: String? = nil, answer: String? = nil) throws {
    let kept = Collected<HTTPMessage>()
    self.kept = kept
    listener = try Listener { client in
      let stream = ByteStream(descriptor: client)
      var rest: [UInt8] = []
      guard let message = HTTPMessage(from: stream, rest: &rest) else { return }
      kept.append(message)
      let shown = credentials.map { "Basic " + Data($0.utf8).base64EncodedString() }
      if let answer {
        _ = stream.write(Array(answer.utf8))
      } else if message.method != "CONNECT" {
        _ = stream.write(Array("HTTP/1.1 405 Method Not Allowed\r\n\r\n".utf8))
      } else if let shown, message.headers["proxy-authorization"] != shown {
        let head = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
        _ = stream.write(Array("\(head)Content-Length: 0\r\n\r\n".utf8))
      } else if let server = connection(to: port) {
        defer { close(server) }
        guard stream.write(Array("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".utf8)) else { return }
        _ = pass(between: client, and: server)
      }
    }
  }

  deinit { listener.stop() }

  package var url: String { "http://\(address)" }
  package var address: String { "127.0.0.1:\(listener.port)" }
  package var requests: [HTTPMessage] { kept.values }
}
