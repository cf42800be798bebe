import Glibc
import Synchronization

/// A proxy before one port of this machine. It ends each connection after so many bytes of the server's.
package final class CuttingProxy: Sendable {
  private let listener: Listener
  private let state: State

  private final class State: Sendable {
    let limit = Mutex(Int.max)
    let passed = Mutex(0)
  }

  package init(to port: UInt16) throws {
    let state = State()
    self.state = state
    listener = try Listener { client in
      guard let server = connection(to: port) else { return }
      defer { close(server) }
      let passed = pass(between: client, and: server, atMost: state.limit.withLock { $0 })
      state.passed.withLock { $0 = passed }
    }
  }

  deinit { listener.stop() }

  package var port: UInt16 { listener.port }
  /// Of the connection that ended last.
  package var passed: Int { state.passed.withLock { $0 } }

  /// Of the connections that begin from now on.
  package func cut(after bytes: Int) { state.limit.withLock { $0 = bytes } }
}

func connection(to port: UInt16) -> Int32? {
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

/// Until one of the two ends, or the server has said so many bytes; returns how many it has said.
func pass(between client: Int32, and server: Int32, atMost limit: Int = .max) -> Int {
  var passed = 0
  var events = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  while poll(&events, 2, -1) > 0 {
    for (event, other) in [(events[0], server), (events[1], client)] where event.revents != 0 {
      guard var bytes = ByteStream(descriptor: event.fd).read() else { return passed }
      if event.fd == server {
        bytes = Array(bytes.prefix(limit - passed))
        passed += bytes.count
      }
      guard ByteStream(descriptor: other).write(bytes), passed < limit else { return passed }
    }
  }
  return passed
}
