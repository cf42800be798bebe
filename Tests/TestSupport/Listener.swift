import Foundation
import Glibc
import Synchronization

/// Takes connections on a free port of 127.0.0.1, each on a thread of its own, until it is stopped.
package final class Listener: Sendable {
  package struct CannotListen: Error {
    package var errno: Int32
  }

  package let port: UInt16
  private let open: Open

  /// `serve` returns when it is done with the connection, whose descriptor is then closed.
  package init(_ serve: @escaping @Sendable (Int32) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard listener >= 0, isListening else {
      let error = CannotListen(errno: errno)
      close(listener)
      throw error
    }
    port = UInt16(bigEndian: address.sin_port)
    let open = Open(listener)
    self.open = open
    Thread.detachNewThread {
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0, open.insert(descriptor) else {
          if descriptor >= 0 { close(descriptor) }
          break
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread {
          serve(descriptor)
          open.end(descriptor)
        }
      }
      open.end(listener)
    }
  }

  deinit { stop() }

  /// Ends the listener and every connection.
  package func stop() { open.stop() }
}

/// The descriptors that are open. One that is shut down is closed by the thread that has it.
private final class Open: Sendable {
  private let state: Mutex<(descriptors: Set<Int32>, isStopped: Bool)>

  init(_ listener: Int32) { state = Mutex(([listener], false)) }

  func insert(_ descriptor: Int32) -> Bool {
    state.withLock { state in
      if !state.isStopped { state.descriptors.insert(descriptor) }
      return !state.isStopped
    }
  }

  func end(_ descriptor: Int32) {
    state.withLock { state in
      state.descriptors.remove(descriptor)
      close(descriptor)
    }
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}
