import CGit2
import Glibc

/// `mooring-git`, started for one request. It inherits no descriptor and no environment but what is given here, its
/// arguments say nothing, and it does not outlive the call.
struct TransportProgram {
  let path: String
  /// `NAME=value`.
  let environment: [String]

  enum Ending: Error {
    /// It was ended at the deadline.
    case deadline
    /// It ended by itself without an answer: its wait status.
    case crashed(Int32)
    /// It could not be started: the `errno`.
    case missing(Int32)
    case answerTooLong
  }

  private static let longestAnswer = 16 << 20
  private static let slice: Duration = .milliseconds(100)

  /// The program beside the one that runs.
  static func besideThisOne() -> String {
    var letters = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &letters, letters.count)
    let path = String(decoding: letters.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    return "\(folder)/mooring-git"
  }

  /// Sends one line and returns the line that comes back. Throws `Ending` or `CancellationError`.
  func run(_ line: String, deadline: Duration) throws -> [UInt8] {
    let end = ContinuousClock.now + deadline
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Ending.missing(errno)
    }
    let (ours, theirs) = (ends[0], ends[1])
    defer { close(ours) }
    let child: pid_t
    do {
      defer { close(theirs) }
      child = try spawn(on: theirs)
    }
    var status: Int32 = 0
    var isReaped = false
    func reap() {
      if isReaped { return }
      isReaped = true
      kill(child, SIGKILL)
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
    }
    defer { reap() }
    var output: [UInt8] = []
    var rest = Array((line + "\n").utf8)[...]
    while true {
      try Task.checkCancellation()
      let left = end - .now
      if left <= .zero { throw Ending.deadline }
      guard let events = wait(on: ours, toWrite: !rest.isEmpty, atMost: min(left, Self.slice)) else { continue }
      if events & POLLOUT != 0, !rest.isEmpty { send(&rest, on: ours) }
      guard events & (POLLIN | POLLHUP | POLLERR) != 0 else { continue }
      switch receive(on: ours, into: &output) {
      case .more: break
      case .line: return output
      case .end:
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        throw Ending.crashed(status)
      }
      if output.count > Self.longestAnswer { throw Ending.answerTooLong }
    }
  }

  private func spawn(on descriptor: Int32) throws(Ending) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
    posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    cgit2_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A group of its own: an interrupt at the terminal is for the parent, which then ends the call.
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("mooring-git"), nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, path, &actions, &attributes, &arguments, &variables)
    if code != 0 { throw .missing(code) }
    return child
  }

  /// The events that are there; nil where the time passed without any.
  private func wait(on descriptor: Int32, toWrite: Bool, atMost time: Duration) -> Int32? {
    var event = pollfd(fd: descriptor, events: Int16(toWrite ? POLLIN | POLLOUT : POLLIN), revents: 0)
    let milliseconds = time.components.attoseconds / 1_000_000_000_000_000 + time.components.seconds * 1_000
    return poll(&event, 1, Int32(milliseconds) + 1) > 0 ? Int32(event.revents) : nil
  }

  /// Writes what goes in now. That the other side has gone is seen when reading.
  private func send(_ rest: inout ArraySlice<UInt8>, on descriptor: Int32) {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno != EAGAIN && errno != EINTR {
      rest = []
    }
  }

  private enum Received { case more, line, end }

  private func receive(on descriptor: Int32, into output: inout [UInt8]) -> Received {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0, errno == EINTR { return .more }
    guard count > 0 else { return .end }
    output += buffer[..<count]
    guard output.last == UInt8(ascii: "\n") else { return .more }
    output.removeLast()
    return .line
  }
}
