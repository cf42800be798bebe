import DriftCore

extension Reconciler {
  /// Carries out what was decided for one connection: one push of every branch that is written, then the forge in the
  /// order decided, then one push of every branch that goes.
  ///
  /// Repeating it is harmless: commits are the same, pushes have leases, and the forge finds a pull request by its branch.
  func perform(
    _ actions: [Action], base: RepositoryTree, isDryRun: Bool, into result: inout ConnectionReport
  ) async throws {
    if isDryRun {
      result.actions += actions.compactMap(planned)
      return
    }
    let written = try await write(actions, base: base)
    var shown: [String: PullRequest] = [:]
    for action in actions {
      if let done = try await show(action, written: written, base: base, shown: &shown) { result.actions.append(done) }
    }
    try await deleteBranches(of: actions)
  }

  private func planned(_ action: Action) -> PerformedAction? {
    switch action {
    case .propose(let proposal, _, let pullRequest):
      performed(pullRequest == nil ? .wouldOpen : .wouldUpdate, proposal)
    case .close(let pullRequest, let branch, let reason):
      PerformedAction(kind: .wouldClose, branch: branch?.name ?? pullRequest ?? "", text: reason)
    case .postpone(let proposal, let reason): postponed(proposal, reason)
    case .leave(let branch, let reason): PerformedAction(kind: .left, branch: branch, text: reason)
    case .autoMerge: nil
    }
  }

  /// A proposal's commit on its branch.
  private struct WrittenBranch {
    var commit: CommitID
    var patch: [UInt8]
    /// Why the remote's branch is not there; nil where it is.
    var problem: String?
  }

  private func write(_ actions: [Action], base: RepositoryTree) async throws -> [String: WrittenBranch] {
    var written: [String: WrittenBranch] = [:]
    var updates: [RefUpdate] = []
    for case .propose(let proposal, let expected, _) in actions {
      progress("drafting \(proposal.branch)")
      try await beforeAct("commit \(proposal.branch)")
      // Files that are as they were need no edit: a load.sql that did not change is not in the diff.
      let (commit, patch) = try await repository.commit(
        CommitDraft(base: base.commit, message: proposal.message, edits: proposal.edits))
      written[proposal.branch] = WrittenBranch(commit: commit, patch: patch)
      if commit != expected {
        updates.append(RefUpdate(branch: proposal.branch, expected: expected, target: commit))
      }
    }
    if updates.isEmpty { return written }
    progress("pushing \(updates.count) \(updates.count == 1 ? "branch" : "branches")")
    try await beforeAct("push \(updates.map(\.branch).joined(separator: ", "))")
    let outcomes = try await repository.push(updates)
    for (index, update) in updates.enumerated() {
      let outcome = outcomes.indices.contains(index) ? outcomes[index] : nil
      written[update.branch]?.problem =
        switch outcome {
        case .updated: nil
        case .leaseLost: "somebody else moved the branch meanwhile; next run looks again"
        case .refused(let reason): "the remote refused the push: \(reason)"
        case nil: "the remote gave no answer"
        }
    }
    return written
  }

  private func show(
    _ action: Action, written: [String: WrittenBranch], base: RepositoryTree, shown: inout [String: PullRequest]
  ) async throws -> PerformedAction? {
    switch action {
    case .propose(let proposal, _, let pullRequest):
      guard let branch = written[proposal.branch] else { return performed(.lost, proposal, "it was not written") }
      if let problem = branch.problem { return performed(.lost, proposal, problem) }
      let opened = try await show(proposal, at: branch, pullRequest: pullRequest, base: base)
      shown[proposal.branch] = opened
      return performed(pullRequest == nil ? .opened : .updated, proposal, location: opened.location)
    case .autoMerge(let name, let kept):
      // One that was not pushed, or not opened, is asked for in the next run.
      guard let pullRequest = kept ?? shown[name], let head = pullRequest.head else { return nil }
      return try await askToMerge(pullRequest, at: head)
    case .close(let pullRequest, let branch, let reason):
      if let pullRequest {
        try await beforeAct("close \(branch?.name ?? pullRequest)")
        try await forge.close(pullRequest, because: reason)
      }
      return PerformedAction(kind: .closed, branch: branch?.name ?? pullRequest ?? "", text: reason)
    case .postpone(let proposal, let reason): return postponed(proposal, reason)
    case .leave(let branch, let reason): return PerformedAction(kind: .left, branch: branch, text: reason)
    }
  }

  private func show(
    _ proposal: Proposal, at branch: WrittenBranch, pullRequest: String?, base: RepositoryTree
  ) async throws -> PullRequest {
    progress("proposing \(proposal.branch)")
    let draft = PullRequestDraft(
      branch: proposal.branch, base: project.branch, head: branch.commit, title: proposal.title,
      body: proposal.body, findings: proposal.findings, colour: proposal.colour,
      reviewers: try await reviewers(of: proposal, base: base), patch: branch.patch)
    try await beforeAct("open \(proposal.branch)")
    guard let pullRequest else { return try await forge.open(draft) }
    return try await forge.update(pullRequest, to: draft)
  }

  /// After their pull requests: a branch without one is picked up again, a pull request without a branch is not.
  private func deleteBranches(of actions: [Action]) async throws {
    let updates = actions.compactMap { action -> RefUpdate? in
      guard case .close(_, let branch?, _) = action else { return nil }
      return RefUpdate(branch: branch.name, expected: branch.tip, target: nil)
    }
    if updates.isEmpty { return }
    try await beforeAct("delete \(updates.map(\.branch).joined(separator: ", "))")
    _ = try await repository.push(updates)
  }

  /// The targets' owners, then the code owners that the protected branch names for the files.
  private func reviewers(of proposal: Proposal, base: RepositoryTree) async throws -> [String] {
    let owners = proposal.reviewers
    guard let file = codeOwnersPaths.lazy.compactMap({ base.files[$0] }).first,
      let bytes = try await repository.blobs([file])[file]
    else { return owners }
    let found = codeOwners(of: proposal.edits.map(\.path), in: String(decoding: bytes, as: UTF8.self))
    return owners + found.filter { !owners.contains($0) }
  }

  private func postponed(_ proposal: Proposal, _ reason: String) -> PerformedAction {
    performed(.postponed, proposal, "\(tally(proposal.tables.flatMap(\.changes))); \(reason)")
  }

  private func performed(
    _ kind: PerformedAction.Kind, _ proposal: Proposal, _ text: String? = nil,
    location: String? = nil
  ) -> PerformedAction {
    PerformedAction(
      kind: kind, branch: proposal.branch,
      text: text ?? tally(proposal.tables.flatMap(\.changes)), location: location,
      proposal: proposal)
  }
}
