import DriftCore

extension Reconciler {
  /// Carries out one decision. Repeating it is harmless: the commit is the same, the push has a lease, and the forge
  /// finds the pull request by its branch.
  func perform(_ action: Action, base: RepositoryTree, isDryRun: Bool) async throws
    -> PerformedAction
  {
    switch action {
    case .propose(let proposal, let expected, let pullRequest):
      if isDryRun {
        return performed(pullRequest == nil ? .wouldOpen : .wouldUpdate, proposal)
      }
      return try await propose(
        proposal, expected: expected, pullRequest: pullRequest, base: base)
    case .close(let pullRequest, let branch, let reason):
      if !isDryRun {
        try await close(pullRequest: pullRequest, branch: branch, because: reason)
      }
      return PerformedAction(
        kind: isDryRun ? .wouldClose : .closed, branch: branch?.name ?? pullRequest ?? "",
        text: reason)
    case .postpone(let proposal, let reason):
      return performed(.postponed, proposal, "\(tally(proposal.tables.flatMap(\.changes))); \(reason)")
    case .leave(let branch, let reason):
      return PerformedAction(kind: .left, branch: branch, text: reason)
    }
  }

  private func propose(
    _ proposal: Proposal, expected: CommitID?, pullRequest: String?, base: RepositoryTree
  ) async throws -> PerformedAction {
    progress("proposing \(proposal.branch)")
    try await beforeAct("commit \(proposal.branch)")
    // Files that are as they were need no edit: a load.sql that did not change is not in the diff.
    let (commit, patch) = try await repository.commit(
      CommitDraft(base: base.commit, message: proposal.message, edits: proposal.edits))
    if commit != expected {
      try await beforeAct("push \(proposal.branch)")
      let outcome = try await repository.push([
        RefUpdate(branch: proposal.branch, expected: expected, target: commit)
      ])
      switch outcome.first {
      case .updated: break
      case .leaseLost:
        return performed(.lost, proposal, "somebody else moved the branch meanwhile; next run looks again")
      case .refused(let reason):
        return performed(.lost, proposal, "the remote refused the push: \(reason)")
      case nil:
        return performed(.lost, proposal, "the remote gave no answer")
      }
    }
    let draft = PullRequestDraft(
      branch: proposal.branch, base: project.branch, head: commit, title: proposal.title,
      body: proposal.body, findings: proposal.findings, colour: proposal.colour,
      reviewers: try await reviewers(of: proposal, base: base), patch: patch)
    try await beforeAct("open \(proposal.branch)")
    let opened: PullRequest
    if let pullRequest {
      opened = try await forge.update(pullRequest, to: draft)
    } else {
      opened = try await forge.open(draft)
    }
    return performed(pullRequest == nil ? .opened : .updated, proposal, location: opened.location)
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

  private func close(pullRequest: String?, branch: Branch?, because reason: String) async throws {
    // The pull request first: a branch without one is picked up again, a pull request without a branch is not.
    try await beforeAct("close \(branch?.name ?? pullRequest ?? "")")
    if let pullRequest { try await forge.close(pullRequest, because: reason) }
    if let branch {
      try await beforeAct("delete \(branch.name)")
      _ = try await repository.push([
        RefUpdate(branch: branch.name, expected: branch.tip, target: nil)
      ])
    }
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
