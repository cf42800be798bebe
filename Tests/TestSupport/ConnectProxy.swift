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
        pass(between: client, and: server)
      }
    }
  }

  deinit { listener.stop() }

  package var url: String { "http://\(address)" }
  package var address: String { "127.0.0.1:\(listener.port)" }
  package var requests: [HTTPMessage] { kept.values }
}

private func connection(to port: UInt16) -> Int32? {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  address.sin_port = port.bigEndian
  let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
  if isOpen { return descriptor }
  close(descriptor)
  return nil
}

/// Until one of the two ends.
private func pass(between client: Int32, and server: Int32) {
  var events = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  while poll(&events, 2, -1) > 0 {
    for (event, other) in [(events[0], server), (events[1], client)] where event.revents != 0 {
      guard let bytes = ByteStream(descriptor: event.fd).read(), ByteStream(descriptor: other).write(bytes) else {
        return
      }
    }
  }
}
