import CGit2

/// Who writes Mooring's commits.
package struct Identity: Hashable, Sendable {
  package var name: String
  package var email: String

  package init(name: String = "Mooring", email: String = "mooring@localhost") {
    self.name = name
    self.email = email
  }

  func signature(at time: git_time_t, _ activity: Activity) throws(GitError) -> Signature {
    try Signature(self, at: time, activity)
  }

  func wrote(_ signature: UnsafePointer<git_signature>?) -> Bool {
    guard let signature else { return false }
    return String(cString: signature.pointee.name) == name
      && String(cString: signature.pointee.email) == email
  }
}

/// A name, an address and a time in UTC, in libgit2's form.
final class Signature {
  let raw: UnsafeMutablePointer<git_signature>

  init(_ identity: Identity, at time: git_time_t, _ activity: Activity) throws(GitError) {
    var pointer: UnsafeMutablePointer<git_signature>?
    try activity.check(git_signature_new(&pointer, identity.name, identity.email, time, 0))
    guard let pointer else { throw activity.error(.unusableRepository, "libgit2 gave nothing") }
    raw = pointer
  }

  deinit { git_signature_free(raw) }
}
