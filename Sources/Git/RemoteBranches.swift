import CGit2

/// The branches of a remote at one moment.
struct RemoteBranches {
  /// The protected branch, if it is there, and ours.
  var tips: [String: git_oid]
  /// Other branches, where a person may have meant one of them.
  var others: [String]
}
