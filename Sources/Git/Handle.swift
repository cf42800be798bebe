import CGit2
import Glibc

/// What is being done and where, for the errors of the calls made meanwhile.
struct Activity {
  let name: String
  let place: String

  init(_ name: String, at place: String) {
    self.name = name
    self.place = place
  }

  func error(_ code: GitError.Code, _ finding: String, wayOut: String? = nil) -> GitError {
    GitError(code, name, at: place, finding, wayOut: wayOut)
  }

  /// Turns a negative code into an error, with the message that libgit2 left on this thread.
  func check(_ code: Int32) throws(GitError) {
    if code >= 0 { return }
    throw library(code)
  }

  /// The error for a code that libgit2 returned just now.
  func library(_ code: Int32) -> GitError {
    let last = git_error_last()
    let message = last.flatMap { $0.pointee.message.map { String(cString: $0) } }
    let kind = last?.pointee.klass ?? 0
    git_error_clear()
    if code == GIT_ENOTFOUND.rawValue, kind == Int32(GIT_ERROR_ODB.rawValue) {
      return error(
        .missingObject, message ?? "an object is missing",
        wayOut: "run `git fsck` in the repository; a partial or damaged copy must be cloned again")
    }
    return error(
      .library(code: code, class: kind), message ?? "libgit2 answered \(code) without a message")
  }

  /// The error for the `errno` of a call made just now, or for another one.
  func system(_ path: String, _ number: Int32 = errno) -> GitError {
    error(.system(number), "\(path): \(String(cString: strerror(number)))")
  }
}

/// A pointer of libgit2's, freed with its last reference. It stays on the thread that made it.
final class Handle {
  let raw: OpaquePointer
  private let free: (OpaquePointer) -> Void

  init(
    _ activity: Activity, free: @escaping (OpaquePointer) -> Void,
    open: (inout OpaquePointer?) -> Int32
  ) throws(GitError) {
    var pointer: OpaquePointer?
    try activity.check(open(&pointer))
    guard let pointer else { throw activity.error(.unusableRepository, "libgit2 gave nothing") }
    raw = pointer
    self.free = free
  }

  deinit { free(raw) }
}
