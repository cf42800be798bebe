import DriftCore
import JSON

/// A pull request as GitHub has it.
struct GitHubPullRequest: Sendable {
  enum State: String {
    case open = "OPEN"
    /// Without merging.
    case closed = "CLOSED"
    case merged = "MERGED"
  }

  struct Comment: Sendable {
    /// Larger than 32 bits.
    var id: String
    var body: String
  }

  var number: Int
  var url: String
  var state: State
  var title: String
  var body: String
  var branch: String
  var base: String
  var head: CommitID
  /// The branch is in another repository, whatever its name.
  var isForeign: Bool
  /// Our own account opened it.
  var isAuthor: Bool
  var labels: [String]
  /// Our own; empty where they were not asked for.
  var comments: [Comment]

  /// What has to be asked for each.
  static let fields = """
    number url state title body headRefName headRefOid baseRefName isCrossRepository viewerDidAuthor
    labels(first: 100) { nodes { name } }
    """
  static let commentFields = "comments(last: 100) { nodes { fullDatabaseId body viewerDidAuthor } }"

  /// Nil where a field is missing or of another kind.
  init?(_ node: JSONValue) {
    guard let number = node["number"]?.int, let url = node["url"]?.string,
      let state = node["state"]?.string.flatMap(State.init(rawValue:)),
      let title = node["title"]?.string, let body = node["body"]?.string,
      let branch = node["headRefName"]?.string, let head = node["headRefOid"]?.string,
      let base = node["baseRefName"]?.string, let isForeign = node["isCrossRepository"]?.bool,
      let isAuthor = node["viewerDidAuthor"]?.bool
    else { return nil }
    self.number = number
    self.url = url
    self.state = state
    self.title = title
    self.body = body
    self.branch = branch
    self.head = CommitID(head)
    self.base = base
    self.isForeign = isForeign
    self.isAuthor = isAuthor
    labels = (node["labels"]?["nodes"]?.array ?? []).compactMap { $0["name"]?.string }
    comments = (node["comments"]?["nodes"]?.array ?? []).compactMap { comment in
      guard comment["viewerDidAuthor"]?.bool == true, let body = comment["body"]?.string,
        let id = comment["fullDatabaseId"]?.string
      else { return nil }
      return Comment(id: id, body: body)
    }
  }

  /// One that Mooring has just made.
  init(
    number: Int, url: String, title: String, body: String, branch: String, base: String,
    head: CommitID
  ) {
    self.number = number
    self.url = url
    state = .open
    self.title = title
    self.body = body
    self.branch = branch
    self.base = base
    self.head = head
    isForeign = false
    isAuthor = true
    labels = []
    comments = []
  }

  var isOurs: Bool { isAuthor && !isForeign && slug(of: branch) != nil }

  /// What Mooring wrote into the body; nil where it is gone, or was copied from another branch's.
  var marker: PullRequestMarker? {
    guard isOurs, let marker = PullRequestMarker(body: body), marker.branch == branch else { return nil }
    return marker
  }

  /// Nil for one that is merged, or that Mooring closed itself.
  var pullRequest: PullRequest? {
    guard state != .merged else { return nil }
    let marker = marker
    if state == .closed, marker?.state == .closed { return nil }
    // One that a person opened again counts as not written, so that it is.
    let isWritten = state == .closed || marker?.state == .open
    return PullRequest(
      id: String(number), branch: branch, state: state == .open ? .open : .refused,
      head: marker?.head, findings: marker?.findings ?? [],
      textDigest: isWritten ? marker?.textDigest ?? "" : "", location: url)
  }
}
