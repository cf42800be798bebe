import DriftCore

extension Reconciler {
  /// Whether the forge was asked already to merge this head by itself, whatever it said. Who takes that back on the forge is
  /// not overruled.
  func isAskedToMerge(_ pullRequest: PullRequest, at head: CommitID) async throws -> Bool {
    if pullRequest.isAutoMerged { return true }
    return try await cache.value(for: askedKey(pullRequest.branch)) == head.text
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
        try await cache.set(head.text, for: askedKey(pullRequest.branch))
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

  private func askedKey(_ branch: String) -> String { "automerge/\(branch)" }
}
