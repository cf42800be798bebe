import CGit2
import DriftCore
import Git

extension Exchange {
  /// Other branches that are named in an answer, for a person who mistyped one.
  private static let mostOthers = 10

  func list() throws(TransportFailure) -> TransportAnswer {
    announced(try connect(GIT_DIRECTION_FETCH))
  }

  /// Brings the protected branch and ours into the repository, under the same names. What the remote has no more is
  /// forgotten first: a branch may take the place of a folder of branches.
  func fetch() throws(TransportFailure) -> TransportAnswer {
    let tips = try connect(GIT_DIRECTION_FETCH)
    var options = git_fetch_options()
    try check(git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)))
    options.callbacks = callbacks
    options.follow_redirects = Self.redirects
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
    options.prune = GIT_FETCH_NO_PRUNE
    options.update_fetchhead = 0
    let patterns = [request.branch, "\(branchPrefix)*", refusalsBranch].map { "+refs/heads/\($0):refs/heads/\($0)" }
    var callbacks = callbacks
    try patterns.withStrings { list throws(TransportFailure) in
      try perform { git_remote_download(remote, list, &options) }
      try perform { git_remote_prune(remote, &callbacks) }
      try perform {
        git_remote_update_tips(remote, &callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, "mooring: fetch")
      }
    }
    return announced(tips)
  }

  private func announced(_ tips: [String: git_oid]) -> TransportAnswer {
    var wanted: [String: CommitID] = [:]
    var others: [String] = []
    for (name, tip) in tips where name.hasPrefix("refs/heads/") {
      let branch = String(name.dropFirst("refs/heads/".count))
      if branch == request.branch || isBranchOfOurs(branch) {
        wanted[branch] = CommitID(tip.hexadecimal)
      } else {
        others.append(printable(branch))
      }
    }
    return .branches(wanted, others: Array(others.sorted().prefix(Self.mostOthers)))
  }
}
