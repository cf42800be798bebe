import DriftCore
import JSON

/// A pull request as Gitea or Forgejo has it, read from the list of issues or by itself.
struct GiteaPullRequest: Sendable {
  enum State: String {
    case open, closed
  }

  var number: Int
  var url: String
  var state: State
  var isMerged: Bool
  var title: String
  var body: String
  /// The list of issues does not have it, so there it is what the marker says; nil where neither does.
  var branch: String?
  var head: CommitID?
  var isForeign: Bool
  var author: String
  /// Ids by name.
  var labels: [String: Int]

  /// Nil where a field is missing or of another kind.
  init?(_ node: JSONValue) {
    guard let number = node["number"]?.int, let url = node["html_url"]?.string,
      let state = node["state"]?.string.flatMap(State.init(rawValue:)), let title = node["title"]?.string,
      let author = node["user"]?["login"]?.string
    else { return nil }
    self.number = number
    self.url = url
    self.state = state
    self.title = title
    self.author = author
    body = node["body"]?.string ?? ""
    labels = Dictionary(
      (node["labels"]?.array ?? []).compactMap { label in
        guard let name = label["name"]?.string, let id = label["id"]?.int else { return nil }
        return (name, id)
      }, uniquingKeysWith: { first, _ in first })
    if let head = node["head"], let base = node["base"] {
      branch = head["ref"]?.string
      self.head = head["sha"]?.string.map { CommitID($0) }
      isForeign = head["repo_id"]?.int != base["repo_id"]?.int
      guard let isMerged = node["merged"]?.bool else { return nil }
      self.isMerged = isMerged
    } else {
      guard let isMerged = node["pull_request"]?["merged"]?.bool else { return nil }
      self.isMerged = isMerged
      branch = PullRequestMarker(body: body)?.branch
      isForeign = false
    }
  }

  var marker: PullRequestMarker? {
    guard let branch, slug(of: branch) != nil, let marker = PullRequestMarker(body: body), marker.branch == branch
    else { return nil }
    return marker
  }

  /// Nil for one that is merged, that Mooring closed itself, or whose branch is not known or not ours.
  var pullRequest: PullRequest? {
    guard !isMerged, !isForeign, let branch, slug(of: branch) != nil else { return nil }
    let marker = marker
    if state == .closed, marker?.state == .closed { return nil }
    let isWritten = state == .closed || marker?.state == .open
    return PullRequest(
      id: String(number), branch: branch, state: state == .closed ? .refused : .open, head: marker?.head,
      findings: marker?.findings ?? [], textDigest: isWritten ? marker?.textDigest ?? "" : "", location: url)
  }
}
