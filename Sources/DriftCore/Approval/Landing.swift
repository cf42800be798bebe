/// How something that stands on the protected branch came there as it is now.
package struct Landing: Hashable, Sendable {
  /// The commit of the branch's first-parent history since which it has been there unchanged. A merge, a squash, the
  /// last commit of a rebase, a cherry-pick and a commit by hand are all such commits.
  package var commit: CommitID
  /// Its first parent, which lacks it or has it otherwise; nil where it came with the first commit.
  package var parent: CommitID?

  package init(commit: CommitID, parent: CommitID?) {
    self.commit = commit
    self.parent = parent
  }
}

/// Finds landings in a first-parent history that is shown newest first, one commit after another.
///
/// What was reverted and came again landed when it came again.
package struct LandingSearch: Sendable {
  /// By path: the object that stands there now, and the oldest commit seen so far that has it.
  private var open: [String: (object: String, commit: CommitID)] = [:]
  private var hasBegun = false
  package private(set) var landings: [String: Landing] = [:]

  package init() {}

  package var isFinished: Bool { hasBegun && open.isEmpty }

  /// Takes the next older commit, with the id of the object at each path that it has. What the first commit lacks is not
  /// looked for.
  package mutating func see(_ commit: CommitID, objects: [String: String]) {
    if !hasBegun {
      hasBegun = true
      open = objects.mapValues { ($0, commit) }
      return
    }
    for (path, found) in open {
      if objects[path] == found.object {
        open[path] = (found.object, commit)
      } else {
        landings[path] = Landing(commit: found.commit, parent: commit)
        open[path] = nil
      }
    }
  }

  /// The last commit seen has no parent.
  package mutating func reachRoot() {
    for (path, found) in open { landings[path] = Landing(commit: found.commit, parent: nil) }
    open = [:]
  }
}
