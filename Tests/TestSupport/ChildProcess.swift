import CSpawn
package import Foundation

/// A program, started and waited for, with the descriptors that it is given and no other.
///
/// It stands in for Foundation's `Process`, whose `run()` reads past the end of a folder's entry on Linux and now and then ends
/// the program that calls it (swift-corelibs-foundation, pull request 5472).
package final class ChildProcess: @unchecked Sendable {
  package enum TerminationReason: Sendable { case exit, uncaughtSignal }

  /// One of the three streams.
  package enum Stream {
    case nothing
    case handle(FileHandle)
    case pipe(Pipe)
    /// Written anew: a full pipe would hold the program up.
    case file(String)
  }

  package var executableURL = URL(fileURLWithPath: "/usr/bin/env")
  package var arguments: [String] = []
  /// Nil: as this program's.
  package var environment: [String: String]?
  /// Nil: as this program's.
  package var currentDirectoryURL: URL?
  package var standardInput = Stream.nothing
  package var standardOutput = Stream.nothing
  package var standardError = Stream.nothing
  package var terminationHandler: (@Sendable (ChildProcess) -> Void)?

  private let ended = NSCondition()
  private var child: pid_t = 0
  /// Of `waitpid`, once it has ended.
  private var status: Int32?

  package init() {}

  package func run() throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, stream) in [(Int32(0), standardInput), (1, standardOutput), (2, standardError)] {
      switch stream {
      case .nothing: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
      case .file(let path):
        posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .handle(let handle): posix_spawn_file_actions_adddup2(&actions, handle.fileDescriptor, target)
      case .pipe(let pipe):
        posix_spawn_file_actions_adddup2(&actions, childEnd(of: pipe, target).fileDescriptor, target)
      }
    }
    cspawn_close_from(&actions, 3)
    if let currentDirectoryURL { cspawn_change_folder(&actions, currentDirectoryURL.path) }
    // The threads that tests run on block signals, which a child would take over.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let variables = environment ?? ProcessInfo.processInfo.environment
    var words: [UnsafeMutablePointer<CChar>?] = ([executableURL.path] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    let code = posix_spawn(&child, executableURL.path, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    for (target, stream) in [(Int32(0), standardInput), (1, standardOutput), (2, standardError)] {
      if case .pipe(let pipe) = stream { try childEnd(of: pipe, target).close() }
    }
    Thread.detachNewThread { [self] in reap() }
  }

  package func waitUntilExit() {
    ended.lock()
    while status == nil { ended.wait() }
    ended.unlock()
  }

  package var isRunning: Bool { endStatus == nil }

  /// The exit status, or the signal that ended it.
  package var terminationStatus: Int32 {
    let status = endStatus ?? 0
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : status & 0x7F
  }

  package var terminationReason: TerminationReason { (endStatus ?? 0) & 0x7F == 0 ? .exit : .uncaughtSignal }

  package func terminate() {
    ended.lock()
    // Of one that was waited for the number may be another's.
    if status == nil, child > 0 { kill(child, SIGTERM) }
    ended.unlock()
  }

  private var endStatus: Int32? {
    ended.lock()
    defer { ended.unlock() }
    return status
  }

  private func childEnd(of pipe: Pipe, _ target: Int32) -> FileHandle {
    target == 0 ? pipe.fileHandleForReading : pipe.fileHandleForWriting
  }

  private func reap() {
    var found = siginfo_t()
    // Waits without taking it, so that its number stays its own until nobody can signal it any more.
    while waitid(P_PID, id_t(child), &found, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    ended.lock()
    var result: Int32 = 0
    while waitpid(child, &result, 0) < 0, errno == EINTR {}
    status = result
    ended.broadcast()
    ended.unlock()
    terminationHandler?(self)
  }
}
