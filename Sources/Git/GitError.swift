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
    /// The text that should say where the repository is.
    case badAddress
    /// The remote wants other credentials.
    case unauthorized
    /// The remote knows us, and we may not.
    case forbidden
    case remoteNotFound
    /// The remote sends us to another host.
    case redirected
    /// The remote's certificate is another host's, outside its time, or signed by nobody who is trusted.
    case certificate
    /// The remote speaks no TLS that we do.
    case tls
    /// The remote's ssh key is not the one that is known, or none is known.
    case hostKey
    /// Our own private key cannot be used.
    case key
    case unreachable
    /// The proxy opens no connection to the remote.
    case proxy
    case connectionLost
    /// A call took longer than it may.
    case deadline
    /// The server answered with an HTTP status that says nothing more.
    case answered(Int)
    /// `mooring-git` cannot be started, or what it met has no name of its own.
    case transport
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
  /// Whether updates had been sent when this happened, so that branches of the remote may have moved.
  var isUnknownOutcome = false

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
