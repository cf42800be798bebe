import DriftCore
import JSON

/// A merge request as GitLab has it. Asked for with `scope=created_by_me`, so that our own account opened it.
struct GitLabMergeRequest: Sendable {
  enum State: String {
    case opened, closed, merged
    /// While GitLab merges it.
    case locked
  }

  /// Of the project; `id` is another number.
  var iid: Int
  var url: String
  var state: State
  var title: String
  var description: String
  var branch: String
  var base: String
  /// Nil where the branch is gone.
  var head: CommitID?
  var isForeign: Bool
  var author: String
  var labels: [String]

  /// Nil where a field is missing or of another kind.
  init?(_ node: JSONValue) {
    guard let iid = node["iid"]?.int, let url = node["web_url"]?.string,
      let state = node["state"]?.string.flatMap(State.init(rawValue:)), let title = node["title"]?.string,
      let branch = node["source_branch"]?.string, let base = node["target_branch"]?.string,
      let target = node["target_project_id"]?.int, let author = node["author"]?["username"]?.string,
      let labels = node["labels"]?.array
    else { return nil }
    self.iid = iid
    self.url = url
    self.state = state
    self.title = title
    description = node["description"]?.string ?? ""
    self.branch = branch
    self.base = base
    head = node["sha"]?.string.map { CommitID($0) }
    // Null where the fork is gone.
    isForeign = node["source_project_id"]?.int != target
    self.author = author
    self.labels = labels.compactMap(\.string)
  }

  var isOurs: Bool { !isForeign && slug(of: branch) != nil }

  var marker: PullRequestMarker? {
    guard isOurs, let marker = PullRequestMarker(body: description), marker.branch == branch else { return nil }
    return marker
  }

  /// Nil for one that is merged, or that Mooring closed itself.
  var pullRequest: PullRequest? {
    guard state != .merged else { return nil }
    let marker = marker
    if state == .closed, marker?.state == .closed { return nil }
    let isWritten = state == .closed || marker?.state == .open
    return PullRequest(
      id: String(iid), branch: branch, state: state == .closed ? .refused : .open, head: marker?.head,
      findings: marker?.findings ?? [], textDigest: isWritten ? marker?.textDigest ?? "" : "", location: url)
  }
}
