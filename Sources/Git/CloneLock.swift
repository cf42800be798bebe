import Glibc

/// A process-wide lock on the clone, held by an open descriptor: it is free by itself when its holder dies. The file
/// holds the process that works; text found in it on taking the lock was left by one that was killed.
final class CloneLock {
  private let descriptor: Int32
  private let path: String

  private static let attempts = 3_000
  private static let pause: useconds_t = 10_000

  init(folder: String, _ activity: Activity) throws(GitError) {
    path = "\(folder)/mooring.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0 { throw activity.system(path) }
  }

  deinit { close(descriptor) }

  /// Does the work while no other process does any in this clone. `sweep` comes first where the last holder died.
  func hold<Value>(
    _ activity: Activity, sweep: () throws(GitError) -> Void, _ work: () throws -> Value
  ) throws -> Value {
    try take(activity)
    defer { _ = flock(descriptor, LOCK_UN) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size > 0 { try sweep() }
    let owner = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    if pwrite(descriptor, owner, owner.count, 0) != owner.count { throw activity.system(path) }
    defer { _ = ftruncate(descriptor, 0) }
    return try work()
  }

  private func take(_ activity: Activity) throws(GitError) {
    for _ in 0..<Self.attempts {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      if errno != EWOULDBLOCK && errno != EINTR { throw activity.system(path) }
      usleep(Self.pause)
    }
    var text = [UInt8](repeating: 0, count: 20)
    let count = max(0, pread(descriptor, &text, text.count, 0))
    let owner = String(decoding: text[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
    throw activity.error(
      .locked, "process \(owner) has been working in the clone for 30 s",
      wayOut: "wait for it or end it; the lock goes with the process")
  }
}
