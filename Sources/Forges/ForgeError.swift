/// What a forge refused: the activity, the place, what was found and the way out.
package struct ForgeError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    case noSuchPullRequest
    /// A branch that is not ours, or a draft for another branch than the pull request's.
    case wrongBranch
    /// A link, a folder or a device where a file of ours belongs.
    case notAFile
    case unreadable
    /// Somebody else opened the pull request, or it comes from another repository.
    case notOurs
    /// The pull request was merged meanwhile.
    case merged
    /// The token or key was not accepted.
    case unauthorized
    /// The token or key may not do this.
    case forbidden
    /// There is no such repository, or this token may not see it: forges do not say which.
    case noAccess
    /// The repository answers at another address, which is not followed.
    case moved
    /// Nothing was done; to be asked again after this many seconds at the earliest.
    case rateLimited(seconds: Int)
    /// The forge refused what it was asked, and would again.
    case invalid
    /// More than the forge takes, or more than one list may have.
    case tooLarge
    /// The forge's own fault, or that of something between; by its status.
    case unavailable(status: Int)
    /// The system's `errno`.
    case system(Int32)
  }

  package var code: Code
  package var activity: String
  package var place: String
  package var finding: String
  package var wayOut: String?

  package init(
    _ code: Code, _ activity: String, at place: String, _ finding: String, wayOut: String? = nil
  ) {
    self.code = code
    self.activity = activity
    self.place = place
    self.finding = finding
    self.wayOut = wayOut
  }

  package var description: String {
    let text = "\(activity): \(place): \(finding)"
    guard let wayOut else { return text }
    return "\(text)\n  hint: \(wayOut)"
  }
}
