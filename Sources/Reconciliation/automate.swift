import DriftCore

extension Reconciler {
  /// Whether the forge has said yes to merging this head by itself, or no today. Who takes the yes back on the forge is not
  /// overruled; a repository that was set up otherwise is asked again on the next day.
  func isAskedToMerge(_ pullRequest: PullRequest, at head: CommitID) async throws -> Bool {
    if pullRequest.isAutoMerged { return true }
    let asked = try await cache.value(for: askedKey(pullRequest.branch))
    return asked == head.text || asked == refusedToday(head)
  }

  /// Asks the forge to merge a green proposal by itself, once its own rules allow it. That it does not is no failure: people
  /// merge it.
  func askToMerge(_ pullRequest: PullRequest, at head: CommitID) async throws -> PerformedAction {
    func told(_ kind: PerformedAction.Kind, _ text: String) -> PerformedAction {
      PerformedAction(kind: kind, branch: pullRequest.branch, text: text, location: pullRequest.location)
    }
    do {
      try await beforeAct("ask to merge \(pullRequest.branch)")
      switch try await forge.mergeWhenAllowed(pullRequest.id, at: head) {
      case .armed:
        try await cache.set(head.text, for: askedKey(pullRequest.branch))
        return told(.automated, "green: the forge merges it once its own rules allow it")
      case .refused(let reason):
        try await cache.set(refusedToday(head), for: askedKey(pullRequest.branch))
        return told(.left, "for people to merge: \(reason)")
      case .notYet(let reason):
        return told(.left, "not merged by itself yet: \(reason)")
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return told(.left, "for people to merge: \(error)")
    }
  }

  /// What people have written on is theirs to merge; true where the forge had been asked to.
  func takeBackAutoMerge(_ pullRequest: PullRequest) async throws -> Bool {
    let key = askedKey(pullRequest.branch)
    // A commit alone is a yes.
    guard let asked = try await cache.value(for: key), !asked.contains(" ") else { return false }
    try await beforeAct("leave \(pullRequest.branch) to people")
    try await forge.leaveToPeople(pullRequest.id)
    try await cache.set("left to people", for: key)
    return true
  }

  private func refusedToday(_ head: CommitID) -> String { "\(head) refused on day \(now().seconds / 86_400)" }

  private func askedKey(_ branch: String) -> String { "automerge/\(branch)" }
}
