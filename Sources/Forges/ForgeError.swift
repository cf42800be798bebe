/// What a forge refused: the activity, the place, what was found and the way out.
package struct ForgeError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    case noSuchPullRequest
    /// A branch that is not ours, or a draft for another branch than the pull request's.
    case wrongBranch
    /// A link, a folder or a device where a file of ours belongs.
    case notAFile
    case unreadable
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
