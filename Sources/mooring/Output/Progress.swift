import Glibc
import Synchronization

/// One line on standard error that says what is going on; only on a terminal.
final class Progress: Sendable {
  private let isShown = isatty(2) == 1 && isatty(1) == 1
  private let hasLine = Mutex(false)

  func show(_ text: String) {
    guard isShown else { return }
    hasLine.withLock { $0 = true }
    FileHandleOutput.standardError("\r\u{1B}[2K\u{1B}[2m\(text.prefix(100)) ...\u{1B}[0m")
  }

  func clear() {
    guard isShown else { return }
    hasLine.withLock { hasLine in
      if hasLine { FileHandleOutput.standardError("\r\u{1B}[2K") }
      hasLine = false
    }
  }
}
