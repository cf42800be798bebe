internal import CCurl
import Synchronization

/// One request on its way to the loop.
struct Job: Sendable {
  var id: UInt64
  var request: HTTPRequest
  /// What the limit of requests under way is counted by.
  var origin: String
  var deadline: ContinuousClock.Instant
  var continuation: CheckedContinuation<HTTPResponse, any Error>
}

/// What other threads want of the loop.
final class Mailbox: Sendable {
  enum Command: Sendable {
    case add(Job)
    case cancel(UInt64)
  }

  private struct State {
    var commands: [Command] = []
    var isOpen = true
    var lastID: UInt64 = 0
  }

  /// Only the loop uses the handle, except for `curl_multi_wakeup`, which any thread may call while it lives. It lives
  /// for as long as `isOpen` is true, and wake-ups are sent under the lock that guards that flag.
  private struct Handle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer
  }

  private let handle: Handle
  private let state = Mutex(State())

  var multi: UnsafeMutableRawPointer { handle.raw }

  init(multi: UnsafeMutableRawPointer) { handle = Handle(raw: multi) }

  func nextID() -> UInt64 {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  /// Returns false when the mailbox has been closed.
  @discardableResult
  func post(_ command: Command) -> Bool {
    state.withLock { state in
      guard state.isOpen else { return false }
      state.commands.append(command)
      curl_multi_wakeup(handle.raw)
      return true
    }
  }

  func close() {
    state.withLock { state in
      guard state.isOpen else { return }
      state.isOpen = false
      curl_multi_wakeup(handle.raw)
    }
  }

  func take() -> (commands: [Command], isOpen: Bool) {
    state.withLock { state in
      defer { state.commands = [] }
      return (state.commands, state.isOpen)
    }
  }
}
