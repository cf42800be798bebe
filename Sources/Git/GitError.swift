/// What git or a repository refused: the activity, the place, what was found and the way out.
package struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// The folder is no git repository, or of a kind that cannot be used.
    case unusableRepository
    case foreignOwner
    case cloneOfAnotherRemote
    case emptyRepository
    case branchMissing
    case missingObject
    case missingPath
    case badPath
    case badBranchName
    /// A draft whose edits leave the tree as it was.
    case nothingToCommit
    case locked
    /// libgit2's own code and class.
    case library(code: Int32, class: Int32)
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
