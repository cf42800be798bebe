import DriftCore

/// A pull request as a forge on the network has it.
struct HostedPullRequest: Sendable {
  enum State {
    case open
    /// Without merging.
    case closed
    case merged
  }

  var number: Int
  var url: String
  var state: State
  var title: String
  var body: String
  /// Nil where a list does not say it and the marker is gone.
  var branch: String?
  /// Tip of the branch; nil where it is gone, or a list does not say it.
  var head: CommitID?
  /// The branch is in another repository, whatever its name.
  var isForeign: Bool
  /// Our own account opened it.
  var isOwn: Bool
  /// Nil where the forge was not asked.
  var author: String?
  var labels: [String]
  /// The forge says that it merges it by itself once its rules allow it.
  var isAutoMerged = false
  /// By name, where the forge takes labels by number.
  var labelIDs: [String: Int] = [:]
  /// Our own, oldest first; nil where they were not asked for.
  var comments: [HostedNote]?
  /// There are more comments than those that were read.
  var hasEarlierComments = false
  /// It never had the labels that come last when it is opened.
  var isBare = false

  var isOurs: Bool { isOwn && !isForeign && branch.flatMap(slug) != nil }

  /// What Mooring wrote into the body; nil where it is gone, or was copied from another branch's.
  var marker: PullRequestMarker? {
    guard isOurs, let marker = PullRequestMarker(body: body), marker.branch == branch else { return nil }
    return marker
  }

  /// Opening it was not finished: what `complete` gives it may be missing.
  var isUnfinished: Bool { state == .open && (isBare || marker?.state == .begun) }

  /// Nil for one that is not ours, is merged, or that Mooring closed itself.
  var pullRequest: PullRequest? {
    guard isOurs, let branch, state != .merged else { return nil }
    let marker = marker
    if state == .closed, marker?.state == .closed { return nil }
    // One that a person opened again, or that was not finished, counts as not written, so that it is.
    let isWritten = state == .closed || marker?.state == .open && !isUnfinished
    return PullRequest(
      id: String(number), branch: branch, state: state == .open ? .open : .refused, head: marker?.head,
      findings: marker?.findings ?? [], textDigest: isWritten ? marker?.textDigest ?? "" : "", location: url,
      isAutoMerged: isAutoMerged)
  }
}
