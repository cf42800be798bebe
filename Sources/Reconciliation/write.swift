import DriftCore

/// A proposal's commit on its branch.
struct WrittenBranch: Sendable {
  var commit: CommitID
  var patch: [UInt8]
  /// What became of its push; one that was there already needed none.
  var outcome = RefOutcome.updated
}

/// What became of the branches of a run.
struct WrittenBranches: Sendable {
  /// By name.
  var branches: [String: WrittenBranch] = [:]
  /// Connections that go no further.
  var failures: [ConnectionName: any Error] = [:]
}

extension Reconciler {
  private typealias Drafted = (connection: ConnectionName, proposal: Proposal, expected: CommitID?)

  /// Commits every proposal of a run and pushes all branches that are not there yet, in one go.
  func write(_ decisions: [Decision], work: Work) async throws -> WrittenBranches {
    var written = WrittenBranches()
    let drafted = decisions.flatMap { decision in
      decision.actions.compactMap { action -> Drafted? in
        guard case .propose(let proposal, let expected, _) = action else { return nil }
        return (decision.report.name, proposal, expected)
      }
    }
    if drafted.isEmpty { return written }
    try await commit(drafted, onto: work.tree.commit, into: &written)
    let givenBack = work.edited.filter { work.ticks.contains(.redraft(branch: $0)) }
    try await keep(drafted.filter { givenBack.contains($0.proposal.branch) }, into: &written)
    try await push(drafted, into: &written)
    return written
  }

  /// A connection with a proposal that cannot be committed goes no further with any of them.
  private func commit(
    _ drafted: [Drafted], onto base: CommitID, into written: inout WrittenBranches
  ) async throws {
    progress("drafting \(counted(drafted.count, "branch", "branches"))")
    let made = try await outcome {
      try await beforeAct("commit \(drafted.map(\.proposal.branch).joined(separator: ", "))")
      // Files that are as they were need no edit: a load.sql that did not change is not in the diff.
      return try await repository.commit(
        drafted.map { CommitDraft(base: base, message: $0.proposal.message, edits: $0.proposal.edits) })
    }
    for (index, (connection, proposal, _)) in drafted.enumerated() {
      switch made.flatMap({ $0[index] }) {
      case .success(let (commit, patch)):
        written.branches[proposal.branch] = WrittenBranch(commit: commit, patch: patch)
      case .failure(let error): written.failures[connection] = error
      }
    }
  }

  /// What people wrote on a branch that they give back stays on a branch of another name. Where it does not, the branch is left
  /// as it is.
  private func keep(_ redrafted: [Drafted], into written: inout WrittenBranches) async throws {
    var updates: [RefUpdate] = []
    var owners: [ConnectionName] = []
    for (connection, proposal, expected) in redrafted where written.failures[connection] == nil {
      guard let expected, written.branches[proposal.branch]?.commit != expected else { continue }
      let name = keptBranchName(of: proposal.branch, at: expected)
      updates.append(RefUpdate(branch: name, expected: nil, target: expected))
      owners.append(connection)
    }
    if updates.isEmpty { return }
    let pushed = try await outcome {
      try await beforeAct("keep \(updates.map(\.branch).joined(separator: ", "))")
      return try await repository.push(updates)
    }
    for (index, update) in updates.enumerated() {
      switch pushed.map({ $0.indices.contains(index) ? $0[index] : .refused("it gave no answer") }) {
      case .success(.updated): break
      case .success(.leaseLost(let found)) where found == update.target: break
      case .success(let outcome): written.failures[owners[index]] = NotKept(branch: update.branch, outcome: outcome)
      case .failure(let error): written.failures[owners[index]] = error
      }
    }
  }

  private func push(_ drafted: [Drafted], into written: inout WrittenBranches) async throws {
    var updates: [RefUpdate] = []
    var owners: [ConnectionName] = []
    for (connection, proposal, expected) in drafted where written.failures[connection] == nil {
      guard let commit = written.branches[proposal.branch]?.commit, commit != expected else { continue }
      updates.append(RefUpdate(branch: proposal.branch, expected: expected, target: commit))
      owners.append(connection)
    }
    if updates.isEmpty { return }
    progress("pushing \(counted(updates.count, "branch", "branches"))")
    let pushed = try await outcome {
      try await beforeAct("push \(updates.map(\.branch).joined(separator: ", "))")
      var left = Self.maximumPushes
      return try await outcomes(of: updates, pushesLeft: &left)
    }
    switch pushed {
    case .failure(let error): for connection in owners { written.failures[connection] = error }
    case .success(let outcomes):
      for (index, update) in updates.enumerated() {
        written.branches[update.branch]?.outcome =
          outcomes.indices.contains(index) ? outcomes[index] : .refused("it gave no answer")
      }
    }
  }

  /// Of one run, where a host refuses whole pushes.
  private static var maximumPushes: Int { 16 }

  /// Pushes all of them at once. A host may refuse a whole push for one of its branches: then its halves are pushed, so that
  /// in the end that one alone stays behind.
  private func outcomes(of updates: [RefUpdate], pushesLeft: inout Int) async throws -> [RefOutcome] {
    pushesLeft -= 1
    var outcomes = try await repository.push(updates)
    let isRefused = outcomes.allSatisfy { if case .refused = $0 { true } else { false } }
    guard isRefused, outcomes.count == updates.count, updates.count > 1 else { return outcomes }
    let middle = updates.count / 2
    for half in [0..<middle, middle..<updates.count] where pushesLeft > 0 {
      outcomes[half] = try await self.outcomes(of: Array(updates[half]), pushesLeft: &pushesLeft)[...]
    }
    return outcomes
  }
}

/// People's commits could not be put aside, so that their branch was not drafted again.
private struct NotKept: Error, CustomStringConvertible {
  var branch: String
  var outcome: RefOutcome

  var description: String {
    let reason = if case .refused(let words) = outcome { words } else { "it is there with other commits" }
    return "keeping what people wrote as branch \(branch): \(reason)"
  }
}
