import DriftCore

extension Reconciler {
  /// Carries out what was decided for every connection of a run: one push of every branch that is written, then the forge,
  /// connection by connection in the order decided, then one push of every branch that goes.
  ///
  /// Where something goes wrong a connection keeps what was done before, and the others go on. Repeating it is harmless:
  /// commits are the same, pushes have leases, and the forge finds a pull request by its branch.
  func perform(
    _ decisions: [Decision], work: Work, isDryRun: Bool, report: inout RunReport
  ) async throws -> [ConnectionReport] {
    var reports = decisions.map(\.report)
    if isDryRun {
      for (index, decision) in decisions.enumerated() { reports[index].actions += decision.actions.compactMap(planned) }
      return reports
    }
    let written = try await write(decisions, work: work)
    for (index, decision) in decisions.enumerated() {
      var told = decision.report
      let done = try await outcome {
        if let error = written.failures[told.name] { throw error }
        var shown: [String: PullRequest] = [:]
        for action in decision.actions {
          let done = try await show(action, written: written.branches, base: work.tree, shown: &shown)
          if let done { told.actions.append(done) }
        }
        if let open = decision.open { told.actions += try await checkEdits(open, work: work, report: &report) }
        if let seen = decision.seen { try await remember(seen, of: told.name) }
      }
      // What was done before it is told all the same.
      if case .failure(let error) = done { told.outcome = .failed("\(error)") }
      reports[index] = told
    }
    try await deleteBranches(of: decisions, into: &reports)
    return reports
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

  private func show(
    _ action: Action, written: [String: WrittenBranch], base: RepositoryTree, shown: inout [String: PullRequest]
  ) async throws -> PerformedAction? {
    switch action {
    case .propose(let proposal, _, let pullRequest):
      guard let branch = written[proposal.branch] else { return performed(.lost, proposal, "it was not written") }
      switch branch.outcome {
      case .updated: break
      case .leaseLost:
        return performed(.lost, proposal, "somebody else moved the branch meanwhile; next run looks again")
      case .refused(let reason): return performed(.refused, proposal, "the remote refused the push: \(reason)")
      }
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
  private func deleteBranches(of decisions: [Decision], into reports: inout [ConnectionReport]) async throws {
    var updates: [RefUpdate] = []
    var owners: [Int] = []
    for (index, decision) in decisions.enumerated() {
      if case .failed = reports[index].outcome { continue }
      for case .close(_, let branch?, _) in decision.actions {
        updates.append(RefUpdate(branch: branch.name, expected: branch.tip, target: nil))
        owners.append(index)
      }
    }
    if updates.isEmpty { return }
    let pushed = try await outcome {
      try await beforeAct("delete \(updates.map(\.branch).joined(separator: ", "))")
      return try await repository.push(updates)
    }
    guard case .failure(let error) = pushed else { return }
    for index in owners { reports[index].outcome = .failed("\(error)") }
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
    performed(.postponed, proposal, "\(tally(proposal.changes)); \(reason)")
  }

  private func performed(
    _ kind: PerformedAction.Kind, _ proposal: Proposal, _ text: String? = nil,
    location: String? = nil
  ) -> PerformedAction {
    PerformedAction(
      kind: kind, branch: proposal.branch,
      text: text ?? tally(proposal.changes), location: location,
      proposal: proposal)
  }
}
